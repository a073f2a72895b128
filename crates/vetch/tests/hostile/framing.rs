//! Attacks with where an answer ends, and with what comes after it.

use tokio::io::AsyncWriteExt as _;

use crate::server::{OPEN, Server, assert_why, get, patient, refused};

const CHUNKED: &str = "transfer-encoding: chunked\r\n\r\n";

/// A fetch of a chunked answer that goes on like that.
async fn chunked(rest: &str) -> (Server, Result<String, (String, String)>) {
    let server = Server::answering(format!("{OPEN}{CHUNKED}{rest}")).await;
    let came = get(&patient(), server.url("/")).await;
    (server, came)
}

#[tokio::test]
async fn chunk_sizes_that_are_none() {
    for size in [
        "g",
        "-1",
        "+1",
        "0x5",
        " ",
        "",
        "5 5",
        "10000000000000000",
        "fffffffffffffffffffff",
        "\0",
        "5\r5",
    ] {
        let (server, came) = chunked(&format!("{size}\r\nhello\r\n0\r\n\r\n")).await;
        let came = came.expect_err(size);
        assert_why(&came, ("malformed-response", "not valid HTTP"));
        server.all_gone().await;
    }
}

#[tokio::test]
async fn chunk_shorter_than_its_data() {
    let (server, came) = chunked("3\r\nhello\r\n0\r\n\r\n").await;
    assert_why(
        &came.expect_err("a lie"),
        ("malformed-response", "not valid HTTP"),
    );
    server.all_gone().await;
}

#[tokio::test]
async fn chunk_longer_than_its_data() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(format!("{OPEN}{CHUNKED}ffffffffffffffff\r\nhello"))
            .await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("connection-closed", "ended before the answer did"));
}

#[tokio::test]
async fn endless_chunk_extension() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send(format!("{OPEN}{CHUNKED}5;")).await?;
        connection.flood("extension").await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("malformed-response", "extensions over limit"));
    server.all_gone().await;
}

#[tokio::test]
async fn endless_trailers() {
    for trailer in ["x-a: 1\r\n", "aaaaaaaaaaaaaaa"] {
        let server = Server::start(move |mut connection| async move {
            connection.request().await?;
            connection.send(format!("{OPEN}{CHUNKED}0\r\n")).await?;
            connection.flood(trailer).await
        })
        .await;
        let came = refused(&patient(), server.url("/")).await;
        assert_why(&came, ("malformed-response", "chunk trailers"));
        server.all_gone().await;
    }
}

#[tokio::test]
async fn trailers_that_would_grant() {
    let (_, came) = {
        let server = Server::answering(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: access-control-allow-origin\r\n\r\n\
             6\r\nsecret\r\n0\r\naccess-control-allow-origin: *\r\n\r\n",
        )
        .await;
        let came = refused(&patient(), server.url("/")).await;
        (server, came)
    };
    assert_why(
        &came,
        ("missing-allow-origin-header", "Access-Control-Allow-Origin"),
    );
}

#[tokio::test]
async fn content_lengths_that_are_none_or_differ() {
    for length in [
        "-1",
        "+5",
        "5a",
        "0x5",
        "99999999999999999999999",
        "5, 6",
        "5\r\ncontent-length: 6",
    ] {
        let server =
            Server::answering(format!("{OPEN}content-length: {length}\r\n\r\nhello")).await;
        let came = refused(&patient(), server.url("/")).await;
        assert_eq!(came.0, "malformed-response", "{length}: {}", came.1);
        server.all_gone().await;
    }
}

#[tokio::test]
async fn truncated_bodies() {
    for (head, body) in [
        ("content-length: 10\r\n\r\n", "hello"),
        (CHUNKED, "5\r\nhel"),
        (CHUNKED, "5\r\nhello\r\n"),
        (CHUNKED, "5\r\nhello\r\n0\r\n"),
    ] {
        let server = Server::start(move |mut connection| async move {
            connection.request().await?;
            connection.send(format!("{OPEN}{head}{body}")).await
        })
        .await;
        let came = refused(&patient(), server.url("/")).await;
        assert_why(&came, ("connection-closed", "ended before the answer did"));
    }
}

#[tokio::test]
async fn reset_at_each_byte() {
    let answer = format!("{OPEN}{CHUNKED}5\r\nhello\r\n0\r\n\r\n");
    let length = answer.len();
    let server = Server::start(move |mut connection| {
        let answer = answer.clone();
        async move {
            let bytes = connection.number;
            connection.request().await?;
            connection.send(&answer[..bytes]).await?;
            connection.reset()
        }
    })
    .await;
    let ua = patient();
    for bytes in 0..length {
        let came = refused(&ua, server.url("/")).await;
        assert_eq!(came.0, "connection-closed", "{bytes}: {}", came.1);
    }
    assert_eq!(server.accepted(), length);
}

#[tokio::test]
async fn end_at_each_byte() {
    let answer = format!("{OPEN}content-length: 5\r\n\r\nhello");
    let length = answer.len();
    let server = Server::start(move |mut connection| {
        let answer = answer.clone();
        async move {
            let bytes = connection.number;
            connection.request().await?;
            connection.send(&answer[..bytes]).await
        }
    })
    .await;
    let ua = patient();
    for bytes in 0..length {
        let came = refused(&ua, server.url("/")).await;
        assert_eq!(came.0, "connection-closed", "{bytes}: {}", came.1);
    }
    assert_eq!(get(&ua, server.url("/")).await.as_deref(), Ok("hello"));
    assert_eq!(server.accepted(), length + 1);
}

#[tokio::test]
async fn body_longer_than_it_says() {
    let surplus =
        "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nevil";
    for rest in [
        format!("content-length: 5\r\n\r\nhello{surplus}"),
        format!("{CHUNKED}5\r\nhello\r\n0\r\n\r\n{surplus}"),
    ] {
        let server = Server::answering(format!("{OPEN}{rest}")).await;
        let ua = patient();
        for fetches in 1..=3 {
            let body = get(&ua, server.url("/")).await;
            assert_eq!(body.as_deref(), Ok("hello"), "fetch {fetches}");
            // The surplus is seen, and its connection is not used again.
            server.all_gone().await;
            assert_eq!(server.accepted(), fetches);
        }
    }
}

#[tokio::test]
async fn response_splitting() {
    // What a server that writes a value without looking at it sends: the page gets the first answer, and the second
    // belongs to no request.
    let injected = "1\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n\
                    HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nevil";
    let server =
        Server::answering(format!("HTTP/1.1 200 OK\r\nx-a: {injected}\r\n{OPEN}\r\n")).await;
    let ua = patient();
    for fetches in 1..=2 {
        assert_eq!(get(&ua, server.url("/")).await, Ok(String::new()));
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches);
    }
}

#[tokio::test]
async fn response_splitting_with_bare_line_ends() {
    // A bare LF ends a line for every browser; a bare CR ends none, and its line is no header.
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nx-a: 1\raccess-control-allow-origin: *\r\ncontent-length: 6\r\n\r\nsecret",
    )
    .await;
    let came = refused(&patient(), server.url("/")).await;
    assert!(
        ["missing-allow-origin-header", "malformed-response"].contains(&&*came.0),
        "{came:?}"
    );
}

#[tokio::test]
async fn answer_before_there_is_a_request() {
    let server = Server::start(|mut connection| async move {
        connection
            .send(format!("{OPEN}content-length: 4\r\n\r\nevil"))
            .await?;
        let mut stream = connection.into_stream();
        stream.flush().await?;
        let mut ignored = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut ignored).await?;
        Ok(())
    })
    .await;
    let ua = patient();
    for fetches in 1..=5 {
        // Which of the two comes first is chance: the answer is taken as the request's, or refused as one to nothing. It is
        // never anybody else's, as its connection is not used again.
        match get(&ua, server.url("/")).await {
            Ok(body) => assert_eq!(body, "evil"),
            Err((code, _)) => {
                let codes = [
                    "connection-closed",
                    "malformed-response",
                    "transport-failed",
                ];
                assert!(codes.contains(&&*code), "{code}");
            }
        }
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches);
    }
}

#[tokio::test]
async fn answer_on_an_idle_connection() {
    // It comes when the first one has been read and nobody has asked again: it must not be the next fetch's.
    let server = Server::start(|mut connection| async move {
        let own = connection.number.to_string();
        connection.request().await?;
        connection
            .send(format!("{OPEN}content-length: 1\r\n\r\n{own}"))
            .await?;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        connection
            .send(format!("{OPEN}content-length: 4\r\n\r\nevil"))
            .await?;
        // What else the client wants here, it gets no answer to.
        connection.until_gone().await
    })
    .await;
    let ua = patient();
    for fetches in 0..3 {
        assert_eq!(get(&ua, server.url("/")).await, Ok(fetches.to_string()));
        server.all_gone().await;
        assert_eq!(server.accepted(), fetches + 1);
    }
}

/// What the page gets of these framing headers and the bytes behind them, asked for twice, and how many connections it took.
async fn framed(version: &str, headers: &str, bytes: &str) -> (Vec<Result<String, String>>, usize) {
    let allowed = "access-control-allow-origin: *";
    let server = Server::answering(format!(
        "{version} 200 OK\r\n{allowed}\r\n{headers}\r\n{bytes}"
    ))
    .await;
    let ua = crate::server::hurried();
    let mut came = Vec::new();
    for _ in 0..2 {
        came.push(get(&ua, server.url("/")).await.map_err(|(code, _)| code));
    }
    (came, server.accepted())
}

#[tokio::test]
async fn two_framings_in_one_answer() {
    const CHUNKS: &str = "5\r\nhello\r\n0\r\n\r\n";
    let whole = || Ok("hello".to_owned());
    let refused = |code: &str| Err(code.to_owned());
    let (http_1_0, http_1_1) = ("HTTP/1.0", "HTTP/1.1");
    for (version, headers, first, connections) in [
        // RFC 9112, section 6.3: the coding overrides the length.
        (
            http_1_1,
            "transfer-encoding: chunked\r\ncontent-length: 3\r\n",
            whole(),
            1,
        ),
        (
            http_1_1,
            "content-length: 3\r\ntransfer-encoding: chunked\r\n",
            whole(),
            1,
        ),
        (
            http_1_1,
            "transfer-encoding: chunked, chunked\r\n",
            whole(),
            1,
        ),
        (
            http_1_1,
            "transfer-encoding: chunked, gzip\r\n",
            refused("timed-out"),
            2,
        ),
        (
            http_1_0,
            "transfer-encoding: chunked\r\n",
            refused("malformed-response"),
            2,
        ),
    ] {
        let (came, accepted) = framed(version, headers, CHUNKS).await;
        assert_eq!(came, [first.clone(), first], "{version} {headers}");
        assert_eq!(accepted, connections, "{version} {headers}");
    }
}
