//! Port blocking · fetch.spec.whatwg.org/#port-blocking
//! In: a request's current URL. Out: the bad port, if it has one.
//! Differs: nothing.

use url::Url;

/// Block bad port: the port for which the URL must not be fetched.
///
/// Asked on every hop, since a redirect can name a bad port too.
///
/// fetch.spec.whatwg.org/#block-bad-port
///
/// ```
/// use vetch_core::infrastructure::port_blocking::bad_port;
/// assert_eq!(bad_port(&"http://mail.example:25/".parse().unwrap()), Some(25));
/// assert_eq!(bad_port(&"http://app.example:8080/".parse().unwrap()), None);
/// ```
pub fn bad_port(url: &Url) -> Option<u16> {
    // 2. Only HTTP(S); a WebSocket's URL has become one by now. The default port is null, which is no bad port.
    url.port().filter(|port| {
        matches!(url.scheme(), "http" | "https") && BAD_PORTS.binary_search(port).is_ok()
    })
}

/// Bad ports, sorted · fetch.spec.whatwg.org/#bad-port
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(BAD_PORTS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn other_schemes_have_no_bad_ports() {
        let url: Url = "ftp://files.example:25/".parse().expect("a URL");
        assert_eq!(bad_port(&url), None);
    }
}
