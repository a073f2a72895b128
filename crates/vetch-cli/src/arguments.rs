//! The command line's flags: what may be written, and the help that explains it.
//! In: the words of the command line. Out: texts, not yet judged; `request_description` and `network` judge them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A browser's fetch, without the browser: vet a request by the rules of the WHATWG Fetch Standard, send it, judge the
/// answer, and say why.
#[derive(Debug, Parser)]
#[command(name = "vetch", version, max_term_width = 100, after_help = EXIT_STATUS)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Fetch a URL as a page of some origin would, and tell the story
    #[command(after_help = FETCH_EXAMPLES)]
    Fetch(Box<FetchArguments>),
    /// Say what a browser would do, without any network
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Box<ExplainArguments>),
    /// Run the classic exchanges against servers that this command starts itself
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoArguments),
    /// Speak JSON Lines: one engine that stays alive, driven from any language
    #[command(after_help = SESSION_EXAMPLES)]
    Session(SessionArguments),
}

/// `vetch fetch`
#[derive(Debug, Args)]
pub(crate) struct FetchArguments {
    #[command(flatten)]
    pub(crate) request: RequestArguments,

    #[command(flatten)]
    pub(crate) network: NetworkArguments,

    /// Store a cookie for the URL first, as if the server had set it; repeat for more
    #[arg(
        short = 'b',
        long = "cookie",
        value_name = "NAME=VALUE",
        help_heading = "Network"
    )]
    pub(crate) cookies: Vec<String>,

    /// Write the body to stdout, and the story to stderr (not with --json)
    #[arg(long, help_heading = "Output", conflicts_with = "json")]
    pub(crate) body: bool,

    /// Write the body to FILE; - is stdout, like --body
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write the status line and the headers that the page may read before the body (implies --body without -o; not with --json)
    #[arg(short, long, help_heading = "Output", conflicts_with = "json")]
    pub(crate) include: bool,

    /// Tell every header of every exchange, not only those that decided
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

/// `vetch explain`
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    #[command(flatten)]
    pub(crate) request: RequestArguments,

    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

/// `vetch demo`
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Tell every header of every exchange, not only those that decided
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

/// `vetch session`
#[derive(Debug, Args)]
pub(crate) struct SessionArguments {
    #[command(flatten)]
    pub(crate) network: NetworkArguments,

    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

/// What every verb has.
#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    /// Whose rules: spec, chromium, firefox, webkit or w3c-2014
    #[arg(
        long,
        value_name = "NAME",
        default_value = "spec",
        help_heading = "Rules"
    )]
    pub(crate) profile: String,

    /// Write one JSON object to stdout and nothing else (a session does so always)
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// What the verbs that use a network have.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArguments {
    /// Trust the certificates in FILE (PEM) too; SSL_CERT_FILE is honoured as well
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,

    /// Trust every certificate: for tests only
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,

    /// Connect to ADDR for HOST:PORT, whatever the system resolves; repeat for more
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub(crate) resolve: Vec<String>,

    /// Give up when the whole fetch takes longer
    #[arg(long, value_name = "SECS", allow_negative_numbers = true)]
    pub(crate) timeout: Option<String>,

    /// Give up when a decoded body has more bytes [default: 268435456]
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    pub(crate) max_filesize: Option<String>,
}

/// What `fetch` and `explain` say of a request.
#[derive(Debug, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are flags of a command line, each with its name"
)]
pub(crate) struct RequestArguments {
    /// What to fetch; relative to --page if that is given
    #[arg(value_name = "URL")]
    pub(crate) url: String,

    /// The origin of the page that asks, like https://app.example, or null
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,

    /// The URL of the page that asks: its origin, its referrer, and the base of URL
    #[arg(long, value_name = "URL")]
    pub(crate) page: Option<String>,

    /// The top-level site around the page, when that is another
    #[arg(long, value_name = "SITE")]
    pub(crate) top_level_site: Option<String>,

    /// The method; GET, or POST when there is a body
    #[arg(
        short = 'X',
        long = "request",
        value_name = "METHOD",
        help_heading = "Request"
    )]
    pub(crate) method: Option<String>,

    /// A header that the script sets; repeat for more
    #[arg(
        short = 'H',
        long = "header",
        value_name = "NAME: VALUE",
        help_heading = "Request"
    )]
    pub(crate) headers: Vec<String>,

    /// A body as a script's string (@FILE reads it from FILE, @- from stdin), sent as text/plain;charset=UTF-8 as a
    /// browser does, unless -H names a Content-Type; curl would say application/x-www-form-urlencoded
    #[arg(
        short = 'd', long = "data", value_name = "DATA", help_heading = "Request",
        conflicts_with_all = ["data_raw", "data_binary"]
    )]
    pub(crate) data: Vec<String>,

    /// The same, but @ means nothing special
    #[arg(
        long,
        value_name = "DATA",
        help_heading = "Request",
        conflicts_with = "data_binary"
    )]
    pub(crate) data_raw: Option<String>,

    /// A body of bytes (@FILE, @-): a script's ArrayBuffer, which implies no Content-Type
    #[arg(long, value_name = "DATA", help_heading = "Request")]
    pub(crate) data_binary: Option<String>,

    /// cors, no-cors or same-origin [default: cors]
    #[arg(long, value_name = "MODE", help_heading = "Request")]
    pub(crate) mode: Option<String>,

    /// omit, same-origin or include [default: same-origin]
    #[arg(long, value_name = "MODE", help_heading = "Request")]
    pub(crate) credentials: Option<String>,

    /// default, no-store, reload, no-cache, force-cache or only-if-cached
    #[arg(long, value_name = "MODE", help_heading = "Request")]
    pub(crate) cache: Option<String>,

    /// follow, error or manual [default: follow]
    #[arg(long, value_name = "MODE", help_heading = "Request")]
    pub(crate) redirect: Option<String>,

    /// The referrer, a URL of the page's origin; empty for none
    #[arg(long, value_name = "URL", help_heading = "Request")]
    pub(crate) referrer: Option<String>,

    /// A referrer policy, like no-referrer or unsafe-url
    #[arg(long, value_name = "POLICY", help_heading = "Request")]
    pub(crate) referrer_policy: Option<String>,

    /// Integrity metadata that the body must match, like sha256-…
    #[arg(long, value_name = "HASHES", help_heading = "Request")]
    pub(crate) integrity: Option<String>,

    /// Let the request outlive its page
    #[arg(long, help_heading = "Request")]
    pub(crate) keepalive: bool,

    /// What the response is for, like image or script: for embedders, no script can say it
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    pub(crate) destination: Option<String>,

    /// Ask as XMLHttpRequest does, not as fetch()
    #[arg(long, help_heading = "Request")]
    pub(crate) xhr: bool,

    /// With --xhr: listeners are registered on upload, so that every cross-origin request asks first
    #[arg(long, help_heading = "Request")]
    pub(crate) upload_listeners: bool,

    /// With --xhr: send credentials to other origins
    #[arg(long, help_heading = "Request")]
    pub(crate) with_credentials: bool,
}

const EXIT_STATUS: &str = "\
Start here: vetch demo

Exit status: 0 the fetch resolves, 1 the rules blocked it, 2 bad usage or an invalid request, 3 the network failed.";

const FETCH_EXAMPLES: &str = "\
Examples:
  vetch fetch https://api.example/items --origin https://app.example
  vetch fetch https://api.example/items/7 --origin https://app.example -X PUT \\
      -H 'Content-Type: application/json' -d '{\"done\":true}' --credentials include

Exit status: 0 the fetch resolves (an opaque response too, of which the page can read nothing), 1 the rules blocked \
it, 2 bad usage or an invalid request, 3 the network failed.
With --json stdout has the answer object of `vetch session`, without its id: no checks and no causes.";

const EXPLAIN_EXAMPLES: &str = "\
Example:
  vetch explain https://api.example/items/7 --origin https://app.example -X DELETE -H 'X-Token: 1'

Exit status: 0 the request would go out, 1 the rules block it before any network, 2 bad usage or an invalid request.
With --json: {\"url\", \"origin\", \"profile\", \"classification\", \"causes\", \"preflight\", \"request\", \"required\", \
\"profiles\", \"remarks\"}, or \"error\", or \"invalid\".";

const DEMO_EXAMPLES: &str = "\
Example:
  vetch demo

It needs no network: the servers listen on 127.0.0.1, on ports that the system chooses.
Exit status: 0 when each exchange went as told.";

const SESSION_EXAMPLES: &str = "\
Example:
  vetch session < lines.jsonl
where a line is
  {\"id\":1,\"op\":\"fetch\",\"request\":{\"url\":\"https://api.example/\",\"origin\":\"https://app.example\"}}

One JSON object a line, at most 64 MiB; answers carry the id and may come out of order. Ops: fetch (request), \
set-cookie (url, value), cookies (url), clear (what: one or a list of preflight-cache, cookies and connections; http-cache, hsts and auth, of which there is \
nothing yet, are taken too), advance (ms), stats. Any other member is invalid. At the end of the input the running fetches finish, then the exit status is 0.

A request has url and origin (\"null\" too) or clientUrl, and where the default does not do: clientHeaders, topLevelSite, method, \
headers ([[name, value], …], a code point for each byte), body ({\"text\": …}, {\"base64\": …} or {\"stream\": [base64, …]}), \
bodyType, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, duplex, destination, \
initiator (fetch or xhr), uploadListeners, withCredentials; timing (with the response comes timingAllowPassed, whether the \
resource's timing is shown).

An answer has one of
  response  {type, url, redirected, status, statusText, headers, body: null, {text} or {base64}}
  error     {code, cdp, message, hint, kind: blocked or transport}; fetch() would reject
  invalid   {field, message, others}; nothing was sent
  ok        true, for cookies with cookies, [{name, value}, …], and for stats with preflightCache, {entries, hits, \
misses, insertions, evictions}, and runningFetches
response and error come with exchanges, [{kind, method, url, requestHeaders, status, responseHeaders}, …], and \
remarks, [{code, message}, …]; and, where other profiles would have done otherwise with these answers, profiles, \
[{profile, difference}, …].";
