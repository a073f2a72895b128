//! Attacks with connections and with TLS.

use std::time::Duration;

use crate::server::{OPEN, Server, assert_why, build, get, patient, refused};
use crate::stack;

/// What a user agent says that gives a connection a short time and the fetch a long one.
const LATE: (&str, &str) = ("timed-out", "connecting took longer than 300 ms");

async fn refused_over_tls(server: &Server) -> (String, String) {
    let builder = stack::builder().danger_accept_invalid_certificates();
    let ua = build(builder.connect_timeout(Duration::from_millis(300)));
    refused(&ua, format!("https://{}/", server.address())).await
}

#[tokio::test]
async fn tls_that_stalls_before_its_first_byte() {
    let server = Server::start(|mut connection| async move { connection.until_gone().await }).await;
    assert_why(&refused_over_tls(&server).await, LATE);
    server.all_gone().await;
}

#[tokio::test]
async fn tls_that_stalls_within_a_record() {
    let server = Server::start(|mut connection| async move {
        // A handshake record of 16 384 bytes, of which one comes.
        connection.send([22, 3, 3, 0x40, 0, 2]).await?;
        connection.until_gone().await
    })
    .await;
    assert_why(&refused_over_tls(&server).await, LATE);
    server.all_gone().await;
}

#[tokio::test]
async fn tls_one_byte_at_a_time() {
    let server = Server::start(|mut connection| async move {
        connection.send([22, 3, 3, 0x40, 0]).await?;
        loop {
            connection.send([0]).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let (code, sentence) = refused_over_tls(&server).await;
    assert!(["timed-out", "tls-failed"].contains(&&*code), "{sentence}");
    server.all_gone().await;
}

#[tokio::test]
async fn tls_that_never_ends_its_handshake() {
    let server = Server::start(|mut connection| async move {
        // Warnings, which TLS 1.2 passes over.
        connection.flood([21, 3, 3, 0, 2, 1, 90]).await
    })
    .await;
    let (code, sentence) = refused_over_tls(&server).await;
    assert!(["timed-out", "tls-failed"].contains(&&*code), "{sentence}");
    server.all_gone().await;
}

#[tokio::test]
async fn tls_that_is_none() {
    for bytes in [
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\0\0\0\0\0\0\0\0",
        "SSH-2.0-x\r\n",
    ] {
        let server = Server::start(move |mut connection| async move {
            connection.send(bytes).await?;
            connection.until_gone().await
        })
        .await;
        assert_why(
            &refused_over_tls(&server).await,
            ("tls-failed", "TLS failed"),
        );
        server.all_gone().await;
    }
}

#[tokio::test]
async fn tls_that_ends_in_its_handshake() {
    let server =
        Server::start(
            |mut connection| async move { connection.send([22, 3, 3, 0x40, 0, 2]).await },
        )
        .await;
    let (code, sentence) = refused_over_tls(&server).await;
    assert!(
        ["tls-failed", "connection-failed"].contains(&&*code),
        "{sentence}"
    );
}

#[tokio::test]
async fn half_closed_before_the_answer() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.half_close().await?;
        connection.until_gone().await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("connection-closed", "ended before the answer did"));
    server.all_gone().await;
}

#[tokio::test]
async fn half_closed_within_the_answer() {
    for part in [
        OPEN.to_owned(),
        format!("{OPEN}content-length: 9\r\n\r\nhalf"),
    ] {
        let server = Server::start(move |mut connection| {
            let part = part.clone();
            async move {
                connection.request().await?;
                connection.send(part).await?;
                connection.half_close().await?;
                connection.until_gone().await
            }
        })
        .await;
        let came = refused(&patient(), server.url("/")).await;
        assert_why(&came, ("connection-closed", "ended before the answer did"));
        server.all_gone().await;
    }
}

#[tokio::test]
async fn half_closed_after_the_answer() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(format!("{OPEN}content-length: 5\r\n\r\nhello"))
            .await?;
        connection.half_close().await?;
        connection.until_gone().await
    })
    .await;
    let ua = patient();
    for fetches in 1..=3 {
        assert_eq!(get(&ua, server.url("/")).await.as_deref(), Ok("hello"));
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches);
    }
}

#[tokio::test]
async fn connection_that_says_close_and_stays() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(format!(
                "{OPEN}connection: close\r\ncontent-length: 5\r\n\r\nhello"
            ))
            .await?;
        connection.until_gone().await
    })
    .await;
    let ua = patient();
    for fetches in 1..=3 {
        assert_eq!(get(&ua, server.url("/")).await.as_deref(), Ok("hello"));
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches);
    }
}

#[tokio::test]
async fn end_of_an_idle_connection() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(format!("{OPEN}content-length: 5\r\n\r\nhello"))
            .await?;
        connection.reset()
    })
    .await;
    let ua = patient();
    for _ in 0..20 {
        // Whether the client has noticed or not.
        assert_eq!(get(&ua, server.url("/")).await.as_deref(), Ok("hello"));
    }
    assert_eq!(server.accepted(), 20);
}

#[tokio::test]
async fn answer_that_ends_while_the_request_is_sent() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(format!("{OPEN}content-length: 5\r\n\r\nhello"))
            .await?;
        // The body of 8 MiB is never read.
        connection.reset()
    })
    .await;
    let ua = patient();
    let fetch = crate::server::page(&ua)
        .fetch(server.url("/"))
        .method("POST");
    let fetch = fetch
        .header("Content-Type", "text/plain")
        .body(vec![b'a'; 8 << 20]);
    // The answer where it came first, else the reset.
    let came = match fetch.send().await {
        Ok(mut response) => response.text().await.map_err(|error| error.code()),
        Err(error) => Err(crate::server::told(&error).0),
    };
    assert!(
        came.as_deref() == Ok("hello")
            || came
                .as_deref()
                .is_err_and(|code| code == "connection-closed"),
        "{came:?}"
    );
}
