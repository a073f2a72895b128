//! The client against real servers on loopback.

mod bodies;
mod cookies;
mod failures;
mod limits;
mod preflights;
mod redirects;
mod server;
mod streams;
mod tls;
mod tls_server;
mod wire;

#[test]
fn everything_goes_from_thread_to_thread() {
    fn goes<T: Send + Sync>() {}
    fn is_send<T: Send>(_: T) {}
    goes::<vetch::UserAgent>();
    goes::<vetch::Page>();
    goes::<vetch::Response>();
    goes::<vetch::FetchError>();
    let page = server::page(&vetch::UserAgent::new());
    is_send(page.fetch("/").send());
    is_send(page.xhr("GET", "/").send());
}
