//! fixtures/standard.json: one anchor a line, sorted, so that a moved pin is a readable diff.

use serde_json::{Value, json};

use crate::{Failure, workspace};

pub(crate) const PATH: &str = "fixtures/standard.json";

/// What is remembered of the Standard's text.
#[derive(Debug, Default)]
pub(crate) struct Pin {
    pub(crate) commit: String,
    pub(crate) date: Option<String>,
    /// Of the whole text.
    pub(crate) sha256: String,
    pub(crate) rows: Vec<Row>,
    /// Former anchors that still lead somewhere, each with today's name.
    pub(crate) renamed: Vec<(String, String)>,
}

/// An anchor with the algorithm, definition or section it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) anchor: String,
    pub(crate) title: String,
    /// Steps at the top level; 0 where there is no ordered list.
    pub(crate) steps: usize,
    pub(crate) hash: String,
}

impl Pin {
    pub(crate) fn to_json(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            format!(
                r#"{{"anchor":{},"title":{},"steps":{},"hash":{}}}"#,
                json!(row.anchor),
                json!(row.title),
                row.steps,
                json!(row.hash)
            )
        });
        let renamed = self
            .renamed
            .iter()
            .map(|(old, new)| format!(r#"{{"anchor":{},"now":{}}}"#, json!(old), json!(new)));
        format!(
            "{{\n\"standard\":\"https://fetch.spec.whatwg.org/\",\n\"commit\":{},\n\"date\":{},\n\"sha256\":{},\n\"anchors\":[\n{}\n],\n\"renamed\":[\n{}\n]\n}}\n",
            json!(self.commit),
            json!(self.date),
            json!(self.sha256),
            rows.collect::<Vec<_>>().join(",\n"),
            renamed.collect::<Vec<_>>().join(",\n")
        )
    }

    fn from_json(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let members = |name: &str| {
            value[name]
                .as_array()
                .cloned()
                .ok_or_else(|| format!("the array `{name}` is missing"))
        };
        let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            commit: word(&value, "commit"),
            date: value["date"].as_str().map(str::to_owned),
            sha256: word(&value, "sha256"),
            rows: members("anchors")?
                .iter()
                .map(|row| Row {
                    anchor: word(row, "anchor"),
                    title: word(row, "title"),
                    steps: row["steps"]
                        .as_u64()
                        .and_then(|steps| steps.try_into().ok())
                        .unwrap_or(0),
                    hash: word(row, "hash"),
                })
                .collect(),
            renamed: members("renamed")?
                .iter()
                .map(|row| (word(row, "anchor"), word(row, "now")))
                .collect(),
        })
    }
}

pub(crate) fn read_if_present() -> Result<Option<Pin>, Failure> {
    if workspace::root().join(PATH).exists() {
        read().map(Some)
    } else {
        Ok(None)
    }
}

pub(crate) fn read() -> Result<Pin, Failure> {
    let fix = "make it anew with `cargo xtask standard --fetch-bs PATH --commit SHA`";
    let text =
        workspace::read(PATH).map_err(|_| Failure::finding(format!("{PATH} is missing: {fix}")))?;
    Pin::from_json(&text)
        .map_err(|error| Failure::finding(format!("{PATH} is not a pin ({error}): {fix}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_back_as_it_was_written() {
        let pin = Pin {
            commit: "c".into(),
            date: None,
            sha256: "s".into(),
            rows: vec![Row {
                anchor: "a".into(),
                title: "a \"title\"".into(),
                steps: 3,
                hash: "h".into(),
            }],
            renamed: vec![("old".into(), "a".into())],
        };
        let again = Pin::from_json(&pin.to_json()).expect("own output");
        assert_eq!(again.rows, pin.rows);
        assert_eq!(again.renamed, pin.renamed);
        assert_eq!(
            (again.commit, again.date, again.sha256),
            (pin.commit, pin.date, pin.sha256)
        );
    }
}
