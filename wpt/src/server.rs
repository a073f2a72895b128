//! The tests' own server, started from the checkout: `wpt serve`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::certificates::Certificates;
use crate::places::Places;
use crate::trouble::Trouble;

/// The server while it runs; it ends when this is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
}

const PATIENCE: Duration = Duration::from_mins(1);

impl Server {
    /// Starts it and waits until every port answers.
    pub(crate) async fn start(
        checkout: &Path,
        places: Places,
        certificates: &Certificates,
    ) -> Result<Self, Trouble> {
        let folder = std::env::temp_dir().join(format!("vetch-wpt-{}", std::process::id()));
        write_settings(&folder, places, certificates)
            .map_err(Trouble::io(folder.display().to_string()))?;
        let log = fs::File::create(folder.join("log")).map_err(Trouble::io("the server's log"))?;
        let errors = log.try_clone().map_err(Trouble::io("the server's log"))?;
        let child = Command::new("python3")
            .arg("wpt")
            .args(["serve", "--config"])
            .arg(folder.join("config.json"))
            .current_dir(checkout)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(Trouble::io("python3, which the tests' server needs"))?;
        let mut server = Self { child, folder };
        let reason = match timeout(PATIENCE, server.answers(places)).await {
            Ok(Ok(())) => return Ok(server),
            Ok(Err(reason)) => reason,
            Err(_) => "it does not answer".to_owned(),
        };
        let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
        server.stop().await;
        Err(Trouble::Server { reason, log })
    }

    async fn answers(&mut self, places: Places) -> Result<(), String> {
        for port in places.http.into_iter().chain(places.https) {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                if let Ok(Some(status)) = self.child.try_wait() {
                    return Err(format!("it ended with {status}"));
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    /// Ends it: on SIGINT the server takes its own processes with it.
    pub(crate) async fn stop(mut self) {
        if let Some(id) = self.child.id() {
            let interrupt = Command::new("kill")
                .arg("-INT")
                .arg(id.to_string())
                .status();
            // When it cannot be told, dropping kills it.
            let _told = interrupt.await;
            let _ended = timeout(Duration::from_secs(20), self.child.wait()).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A throw-away folder that stays does no harm.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

fn write_settings(
    folder: &Path,
    places: Places,
    certificates: &Certificates,
) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("certificate.pem"), &certificates.certificate)?;
    fs::write(folder.join("key.pem"), &certificates.key)?;
    let none: [u16; 0] = [];
    let settings = json!({
        "check_subdomains": false,
        "server_host": "127.0.0.1",
        "ports": {
            "http": places.http, "https": places.https, "http-private": none, "http-public": none,
            "https-private": none, "https-public": none,
            // Nothing here speaks them, but tests name their ports.
            "ws": ["auto"], "wss": ["auto"], "h2": ["auto"],
        },
        "ssl": {
            "type": "pregenerated",
            "pregenerated": {
                "host_key_path": folder.join("key.pem"),
                "host_cert_path": folder.join("certificate.pem"),
            },
        },
    });
    fs::write(folder.join("config.json"), settings.to_string())
}
