// In a page and in Node, what crates/vetch/benches/loopback/burst.rs does. `settings` stands above, of burst_script().
const { url, origin, times, together } = settings;

const put = async () => {
  const response = await fetch(url, { method: "PUT", headers: { "x-token": "7" }, body: '{"count":1}' });
  await response.text();
};

// Comes back when whoever measures has looked.
const mark = (name) => fetch(`${origin}/${name}`);

try {
  await put();
  await mark("first");
  let begun = 0;
  const worker = async () => {
    while (begun++ < times) await put();
  };
  await Promise.all(Array.from({ length: together }, worker));
  await mark("done");
} catch (error) {
  await mark(`failed?${encodeURIComponent(error)}`);
}
