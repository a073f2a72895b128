//! Attacks with an answer's head.

use std::time::Duration;

use vetch::Limits;

use crate::server::{OPEN, Server, TOO_LATE, assert_why, build, get, hurried, patient, refused};
use crate::stack;

const TOO_LONG: (&str, &str) = ("headers-too-long", "256 lines, or more than 417792 bytes");

/// One fetch of such an answer, which is then written until the client goes.
async fn flooded(start: &'static str, again: &'static str) -> (Server, (String, String)) {
    let server = Server::start(move |mut connection| async move {
        connection.request().await?;
        connection.send(start).await?;
        connection.flood(again).await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    (server, came)
}

#[tokio::test]
async fn slow_headers_one_byte_at_a_time() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        for byte in OPEN.bytes().cycle() {
            connection.send([byte]).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    })
    .await;
    assert_why(&refused(&hurried(), server.url("/")).await, TOO_LATE);
    server.all_gone().await;
}

#[tokio::test]
async fn slow_body_one_byte_at_a_time() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send(OPEN).await?;
        connection.send("content-length: 100000\r\n\r\n").await?;
        loop {
            connection.send("a").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_why(&refused(&hurried(), server.url("/")).await, TOO_LATE);
    server.all_gone().await;
}

#[tokio::test]
async fn endless_headers() {
    let (server, came) = flooded(OPEN, "x-a: 1\r\n").await;
    assert_why(&came, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn endless_header_line() {
    let (server, came) = flooded("HTTP/1.1 200 OK\r\nx-a: ", "aaaaaaaaaaaaaaaa").await;
    assert_why(&came, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn endless_header_name() {
    let (server, came) = flooded("HTTP/1.1 200 OK\r\n", "aaaaaaaaaaaaaaaa").await;
    assert_why(&came, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn endless_status_text() {
    let (server, came) = flooded("HTTP/1.1 200 ", "aaaaaaaaaaaaaaaa").await;
    assert_why(&came, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn endless_lines_that_are_no_headers() {
    // Lines that are passed over count all the same.
    let (server, came) = flooded(OPEN, "no header\r\n").await;
    if stack::READS_ODD_LINES {
        assert_why(&came, TOO_LONG);
    } else {
        assert_eq!(came.0, "malformed-response");
    }
    server.all_gone().await;
}

#[tokio::test]
async fn endless_folded_lines() {
    let (server, came) = flooded("HTTP/1.1 200 OK\r\nx-a: 1\r\n", " folded\r\n").await;
    assert_why(&came, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn one_mebibyte_header_line() {
    let line = format!("{OPEN}x-a: {}\r\n\r\n", "a".repeat(1 << 20));
    let server = Server::answering(line).await;
    assert_why(&refused(&patient(), server.url("/")).await, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn header_line_above_the_limit_in_a_head_below_it() {
    let line = format!(
        "{OPEN}content-length: 0\r\nx-a: {}\r\n\r\n",
        "a".repeat(300_000)
    );
    let server = Server::answering(line).await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("headers-too-long", "more than 262144 bytes"));
    server.all_gone().await;
}

#[tokio::test]
async fn ten_thousand_headers() {
    let lines = format!("{OPEN}{}\r\n", "x-a: 1\r\n".repeat(10_000));
    let server = Server::answering(lines).await;
    assert_why(&refused(&patient(), server.url("/")).await, TOO_LONG);
    server.all_gone().await;
}

#[tokio::test]
async fn one_header_more_than_the_limit() {
    let lines = format!("{OPEN}content-length: 0\r\n{}\r\n", "x-a: 1\r\n".repeat(9));
    let server = Server::answering(lines).await;
    let limited = |lines| stack::builder().limits(Limits::default().with_header_count(lines));
    let came = refused(&build(limited(10)), server.url("/")).await;
    assert_why(&came, ("headers-too-long", "more than 10 lines"));
    assert_eq!(
        get(&build(limited(11)), server.url("/")).await,
        Ok(String::new())
    );
}

#[tokio::test]
async fn endless_informational_responses() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .flood("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
            .await
    })
    .await;
    if stack::COUNTS_INFORMATIONAL_RESPONSES {
        let why = (
            "headers-too-long",
            "more than 1048576 bytes of informational responses (1xx)",
        );
        assert_why(&refused(&patient(), server.url("/")).await, why);
    } else {
        assert_why(&refused(&hurried(), server.url("/")).await, TOO_LATE);
    }
    server.all_gone().await;
}

#[tokio::test]
async fn informational_response_that_switches_protocols() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection
            .send(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: evil\r\nconnection: upgrade\r\n\r\n",
            )
            .await?;
        connection.flood("not HTTP any more").await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    let why = ("malformed-response", "it switches protocols (status 101)");
    assert_why(&came, why);
    server.all_gone().await;
}

#[tokio::test]
async fn http_0_9() {
    let server = Server::start(|mut connection| async move {
        connection.request().await?;
        connection.send("<p>no status line, no headers</p>\n").await
    })
    .await;
    let came = refused(&patient(), server.url("/")).await;
    assert_why(&came, ("malformed-response", "not valid HTTP"));
}

#[tokio::test]
async fn status_lines_that_are_none() {
    for line in [
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/1.1 2",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 -20 OK",
        "HTTP/1.1 2\u{0}0 OK",
        "HTTP/1.1 000 Zero",
        "HTTP/1.1 099 Low",
        "HTTP/1.2 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/3 200 OK",
        "http/1.1 200 OK",
        "ICY 200 OK",
        "PRI * HTTP/2.0",
    ] {
        let server = Server::answering(format!("{line}\r\ncontent-length: 0\r\n\r\n")).await;
        let came = refused(&patient(), server.url("/")).await;
        assert_eq!(came.0, "malformed-response", "{line}: {}", came.1);
        server.all_gone().await;
    }
}

#[tokio::test]
async fn nul_and_cr_in_values() {
    // A line with one is no header line, so the header that grants did not come.
    for value in [
        "*\0",
        "\0*",
        "*\r",
        "\r*",
        "http://page.example\0",
        "\u{b}*",
        "*\u{7f}",
    ] {
        let head = format!("HTTP/1.1 200 OK\r\naccess-control-allow-origin: {value}\r\n");
        let server = Server::answering(head + "content-length: 6\r\n\r\nsecret").await;
        let came = refused(&patient(), server.url("/")).await;
        assert!(
            [
                "missing-allow-origin-header",
                "invalid-allow-origin-value",
                "malformed-response"
            ]
            .contains(&&*came.0),
            "{value:?}: {came:?}"
        );
    }
}

#[tokio::test]
async fn controls_in_the_value_of_a_second_grant() {
    // Were one of the two passed over, the other would grant.
    for control in (1..b' ')
        .chain([0x7f])
        .filter(|byte| !b"\t\r\n".contains(byte))
    {
        let control = char::from(control);
        let second = format!("access-control-allow-origin: {control}\r\n");
        for head in [
            format!("{OPEN}{second}"),
            OPEN.replacen("\r\n", &format!("\r\n{second}"), 1),
        ] {
            let server = Server::answering(head + "content-length: 6\r\n\r\nsecret").await;
            let came = refused(&patient(), server.url("/")).await;
            let expected = if stack::READS_ODD_LINES {
                "multiple-allow-origin-values"
            } else {
                "malformed-response"
            };
            assert_eq!(came.0, expected, "{control:?}: {came:?}");
        }
    }
}

#[tokio::test]
async fn nul_and_cr_in_names() {
    for name in [
        "access-control-allow-origin\0",
        "\0access-control-allow-origin",
        "access-control-\rallow-origin",
        "access-control-allow-origin\r",
        "access-control-allow-origin ",
        "access-control-\u{e4}llow-origin",
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{name}: *\r\ncontent-length: 6\r\n\r\nsecret");
        let server = Server::answering(head).await;
        let came = refused(&patient(), server.url("/")).await;
        assert!(
            ["missing-allow-origin-header", "malformed-response"].contains(&&*came.0),
            "{name:?}: {came:?}"
        );
    }
}
