//! Mistyped input: one line for each mistake, naming the input and the fix, and exit status 2.

mod support;

use support::{code, run, stderr, stdout};

const URL: &str = "https://api.example/";

/// Arguments, and the line. Where they name no page, one is added.
const CASES: &[(&[&str], &str)] = &[
    (
        &["fetch", "api.example/x"],
        "vetch: URL: \"api.example/x\" is not a URL (relative URL without a base); do you mean https://api.example/x?",
    ),
    (
        &["fetch", "localhost:8080/x"],
        "vetch: URL: \"localhost:8080/x\" has no scheme; do you mean http://localhost:8080/x?",
    ),
    (
        &["fetch", "127.0.0.1:8080/x"],
        "vetch: URL: \"127.0.0.1:8080/x\" is not a URL (relative URL without a base); do you mean http://127.0.0.1:8080/x?",
    ),
    (
        &[
            "explain",
            "api.example:8443/x",
            "--page",
            "https://app.example/",
        ],
        "vetch: URL: \"api.example:8443/x\" has no scheme; do you mean https://api.example:8443/x?",
    ),
    (
        &["fetch", "http://["],
        "vetch: URL: \"http://[\" is not a URL (invalid IPv6 address); write it like https://api.example/items",
    ),
    (
        &["explain", "https://api.example:99999/"],
        "vetch: URL: \"https://api.example:99999/\" is not a URL (invalid port number); write it like https://api.example/items",
    ),
    (
        &["explain", "https://api .example/"],
        "vetch: URL: \"https://api .example/\" is not a URL (invalid international domain name); write it like https://api.example/items",
    ),
    (
        &["explain", "items"],
        "vetch: URL: \"items\" is not a URL (relative URL without a base); write it like https://api.example/items, or name the --page",
    ),
    (
        &["explain", URL, "--origin", "localhost:3000"],
        "vetch: --origin: origin \"localhost:3000\" has no scheme; do you mean http://localhost:3000?",
    ),
    (
        &[
            "explain",
            URL,
            "--page",
            "https://app.example/",
            "--top-level-site",
            "shop.example/x",
        ],
        "vetch: --top-level-site: origin \"shop.example/x\" has no scheme; do you mean https://shop.example?",
    ),
    (
        &["fetch", "https://user:pass@api.example/"],
        "vetch: URL: https://api.example/ has a user name or password; leave it out and send an Authorization header",
    ),
    (
        &["fetch", URL, "--origin", "https://app.example/path"],
        "vetch: --origin: origin \"https://app.example/path\" has a path; an origin is only scheme, host and port: write \"https://app.example\"",
    ),
    (
        &["fetch", URL, "--origin", "app.example"],
        "vetch: --origin: origin \"app.example\" has no scheme; do you mean https://app.example?",
    ),
    (
        &["fetch", URL, "--page", "start"],
        "vetch: --page: \"start\" is not a URL (relative URL without a base); write it like https://app.example/start",
    ),
    (
        &["fetch", URL, "--top-level-site", "x"],
        "vetch: --top-level-site: origin \"x\" is not valid (relative URL without a base); write it like https://app.example or http://localhost:8080, or null",
    ),
    (
        &["explain", URL, "-X", "G ET"],
        "vetch: -X: \"G ET\" is not a method; use a token like GET or PUT",
    ),
    (
        &["explain", URL, "-X", "trace"],
        "vetch: -X: trace is forbidden: no script may send CONNECT, TRACE or TRACK",
    ),
    (
        &["explain", URL, "-H", "X-Token 1"],
        "vetch: -H: \"X-Token 1\" has no colon; write it like 'X-Token: 1'",
    ),
    (
        &["explain", URL, "-H", "X Token: 1"],
        "vetch: -H: \"X Token\" is not a header name; use letters, digits and -",
    ),
    (
        &["explain", URL, "-H", "X-Token: a\nb"],
        "vetch: -H: the value of X-Token is not a header value: byte 0x0a at position 1 cannot stand in a header value",
    ),
    (
        &["explain", URL, "-X", "GET", "-d", "x"],
        "vetch: -d: a GET or HEAD request cannot have a body; use POST or leave it out",
    ),
    (
        &["explain", URL, "-d", "@/no/such/file"],
        "vetch: -d: the file \"/no/such/file\" cannot be read (No such file or directory (os error 2)); to send an @, use --data-raw",
    ),
    (
        &["explain", URL, "--mode", "corz"],
        "vetch: --mode: \"corz\" is not known; use same-origin, cors or no-cors",
    ),
    (
        &["explain", URL, "--mode", "a\u{1b}[31mb"],
        "vetch: --mode: \"a\\u{1b}[31mb\" is not known; use same-origin, cors or no-cors",
    ),
    (
        &["explain", URL, "--credentials", "yes"],
        "vetch: --credentials: \"yes\" is not known; use omit, same-origin or include",
    ),
    (
        &["explain", URL, "--destination", "imgae"],
        "vetch: --destination: \"imgae\" is not known; do you mean image? It can be audio, audioworklet, document, embed, font, frame, iframe, image, json, manifest, object, paintworklet, report, script, serviceworker, sharedworker, style, text, track, video, webidentity, worker or xslt",
    ),
    (
        &["fetch", URL, "-b", "foo"],
        "vetch: --cookie: the cookie cannot be set for https://api.example/: it is not NAME=VALUE",
    ),
    (
        &["explain", URL, "--profile", "chrome"],
        "vetch: --profile: \"chrome\" is not known; use chromium",
    ),
    (
        &["explain", URL, "--profile", "opera"],
        "vetch: --profile: \"opera\" is not known; use spec, chromium, firefox, webkit or w3c-2014",
    ),
    (
        &["explain", URL, "--upload-listeners"],
        "vetch: --upload-listeners: only XMLHttpRequest has upload listeners; use the initiator xhr (--xhr)",
    ),
    (
        &["explain", URL, "--xhr", "--mode", "no-cors"],
        "vetch: --mode: XMLHttpRequest cannot choose it (here \"no-cors\"); leave it out, or use the initiator fetch",
    ),
    (
        &["fetch", URL, "--resolve", "api.example:127.0.0.1"],
        "vetch: --resolve: \"api.example:127.0.0.1\" is not HOST:PORT:ADDR; write it like api.example:443:127.0.0.1",
    ),
    (
        &["fetch", URL, "--timeout", "soon"],
        "vetch: --timeout: \"soon\" is not a number of seconds above 0; write it like 30 or 2.5",
    ),
    (
        &["fetch", URL, "--timeout", "-1"],
        "vetch: --timeout: \"-1\" is not a number of seconds above 0; write it like 30 or 2.5",
    ),
    (
        &["fetch", URL, "--max-filesize", "1M"],
        "vetch: --max-filesize: \"1M\" is not a number of bytes; write it like 1000000",
    ),
    (
        &["fetch", URL, "--cacert", "/no/such/file"],
        "vetch: --cacert: the file /no/such/file cannot be read (No such file or directory (os error 2))",
    ),
    (
        &["session", "--profile", "safari"],
        "vetch: --profile: \"safari\" is not known; use spec, chromium, firefox, webkit or w3c-2014",
    ),
];

#[test]
fn each_mistake_gets_one_line_that_names_the_input_and_the_fix() {
    let page = ["--origin", "https://app.example"];
    for (arguments, line) in CASES {
        let verb = arguments[0];
        let has_page = verb == "session"
            || arguments
                .iter()
                .any(|flag| ["--origin", "--page"].contains(flag));
        let all = if has_page {
            arguments.to_vec()
        } else {
            [arguments, &page[..]].concat()
        };
        let output = run(&all);
        assert_eq!(stderr(&output), format!("{line}\n"), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert_eq!(code(&output), 2, "{arguments:?}");
    }
}

#[test]
fn a_missing_origin_names_what_to_write() {
    let output = run(&["fetch", "https://api.example/"]);
    assert_eq!(code(&output), 2);
    let line = "vetch: --origin: it is missing; write the origin of the page that asks, like https://app.example or null, or give the page's URL\n";
    assert_eq!(stderr(&output), line);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let output = run(&[
        "explain",
        "http://[",
        "-X",
        "TRACE",
        "-H",
        "a",
        "-H",
        "b c: d",
        "--redirect",
        "no",
    ]);
    let lines = stderr(&output);
    let flags: Vec<&str> = lines
        .lines()
        .map(|line| {
            line.trim_start_matches("vetch: ")
                .split_once(':')
                .expect("a flag")
                .0
        })
        .collect();
    assert_eq!(
        flags,
        ["URL", "--origin", "-X", "-H", "-H", "--redirect"],
        "{lines}"
    );
}

#[test]
fn what_clap_refuses_exits_with_2_as_well() {
    for arguments in [
        &[][..],
        &["fetch"],
        &["fetch", "https://api.example/", "--no-such-flag"],
        &["nothing"],
    ] {
        assert_eq!(code(&run(arguments)), 2, "{arguments:?}");
    }
}

#[test]
fn help_has_an_example_for_each_verb() {
    for verb in ["fetch", "explain", "demo", "session"] {
        let output = run(&[verb, "--help"]);
        let help = stdout(&output);
        assert!(
            help.contains("Example") && help.contains(&format!("vetch {verb}")),
            "{help}"
        );
        assert_eq!(code(&output), 0);
    }
    assert!(stdout(&run(&["--help"])).contains("Exit status: 0"));
}
