//! The network flags: which certificates, which addresses, how long, how much.
//! In: flags as written. Out: a user agent, or every mistake at once.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use vetch::{Limits, UserAgent, UserAgentBuilder};
use vetch_core::Profile;

use crate::arguments::NetworkArguments;
use crate::request_description::Mistakes;

/// The user agent that the flags describe.
pub(crate) fn user_agent(
    flags: &NetworkArguments,
    profile: Profile,
) -> Result<UserAgent, Mistakes> {
    let mut mistakes = Mistakes::default();
    let mut builder = UserAgent::builder().profile(profile);
    builder = trust(builder, flags, &mut mistakes);
    for written in &flags.resolve {
        match parse_resolve(written) {
            Ok((host, port, address)) => {
                builder = builder.resolve(&host.to_ascii_lowercase(), port, address);
            }
            Err(message) => mistakes.add("--resolve", message),
        }
    }
    if let Some(written) = &flags.timeout {
        match parse_seconds(written) {
            // Connecting may take all of it.
            Some(limit) => builder = builder.timeout(limit).connect_timeout(limit),
            None => mistakes.add(
                "--timeout",
                format!("{written:?} is not a number of seconds above 0; write it like 30 or 2.5"),
            ),
        }
    }
    if let Some(written) = &flags.max_filesize {
        match written.parse() {
            Ok(bytes) => builder = builder.limits(Limits::default().with_body_bytes(bytes)),
            Err(_) => mistakes.add(
                "--max-filesize",
                format!("{written:?} is not a number of bytes; write it like 1000000"),
            ),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    builder
        .build()
        .map_err(|error| Mistakes::one(format!("--{}", flag_of(error.what)), error.reason))
}

fn trust(
    builder: UserAgentBuilder,
    flags: &NetworkArguments,
    mistakes: &mut Mistakes,
) -> UserAgentBuilder {
    let mut builder = builder;
    if let Some(path) = &flags.cacert {
        match std::fs::read(path) {
            Ok(pem) => builder = builder.root_certificate_pem(&pem),
            Err(error) => mistakes.add(
                "--cacert",
                format!("the file {} cannot be read ({error})", path.display()),
            ),
        }
    }
    if flags.insecure {
        builder = builder.danger_accept_invalid_certificates();
    }
    builder
}

/// `HOST:PORT:ADDR` as curl has it; an IPv6 address may stand in brackets, and ADDR may name its own port.
fn parse_resolve(written: &str) -> Result<(&str, u16, SocketAddr), String> {
    let wrong =
        || format!("{written:?} is not HOST:PORT:ADDR; write it like api.example:443:127.0.0.1");
    let (host, rest) = written.split_once(':').ok_or_else(wrong)?;
    let (port, address) = rest.split_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    if host.is_empty() {
        return Err(wrong());
    }
    if let Ok(address) = address.parse::<SocketAddr>() {
        return Ok((host, port, address));
    }
    let bare = address
        .strip_prefix('[')
        .and_then(|address| address.strip_suffix(']'))
        .unwrap_or(address);
    let address: IpAddr = bare.parse().map_err(|_| wrong())?;
    Ok((host, port, SocketAddr::new(address, port)))
}

fn parse_seconds(written: &str) -> Option<Duration> {
    let seconds: f64 = written.parse().ok()?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|limit| !limit.is_zero())
}

fn flag_of(what: &str) -> &str {
    match what {
        "root_certificate_pem" => "cacert",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_resolve, parse_seconds};

    #[test]
    fn an_address_may_have_brackets_and_a_port_of_its_own() {
        let address = |written| parse_resolve(written).map(|(_, _, address)| address.to_string());
        assert_eq!(
            address("a.example:80:127.0.0.1").as_deref(),
            Ok("127.0.0.1:80")
        );
        assert_eq!(address("a.example:80:[::1]").as_deref(), Ok("[::1]:80"));
        assert_eq!(address("a.example:80:::1").as_deref(), Ok("[::1]:80"));
        assert_eq!(
            address("a.example:80:127.0.0.1:8080").as_deref(),
            Ok("127.0.0.1:8080")
        );
        assert!(address("a.example:127.0.0.1").is_err());
        assert!(address(":80:127.0.0.1").is_err());
    }

    #[test]
    fn seconds_may_have_a_fraction_but_must_be_some() {
        assert_eq!(
            parse_seconds("2.5").map(|limit| limit.as_millis()),
            Some(2_500)
        );
        for wrong in ["0", "-1", "NaN", "inf", "1e99", "ten"] {
            assert_eq!(parse_seconds(wrong), None, "{wrong}");
        }
    }
}
