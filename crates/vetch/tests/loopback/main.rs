//! The client against real servers on loopback.

mod bodies;
mod cookies;
mod failures;
mod limits;
mod preflights;
mod proxies;
mod redirects;
mod secrets;
mod server;
mod stack;
mod streams;
mod tls;
mod tls_server;
mod wire;

#[test]
fn everything_goes_from_thread_to_thread() {
    fn goes<T: Send + Sync>() {}
    // What `tokio::spawn` wants.
    fn spawns<T: Send + 'static>(_: T) {}
    goes::<vetch::UserAgent>();
    goes::<vetch::Page>();
    goes::<vetch::Response>();
    goes::<vetch::FetchError>();
    let page = server::page(&stack::user_agent());
    spawns(page.fetch("/").send());
    spawns(page.xhr("GET", "/").send());
    spawns(async move {
        let mut response = page.fetch("/").send().await.expect("a response");
        let first = response.body().chunk().await;
        (
            first,
            response.text().await,
            response.unfiltered_body().bytes().await,
        )
    });
}
