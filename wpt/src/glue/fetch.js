// fetch.spec.whatwg.org/#fetch-method: starts the engine's fetch and hands on what it says.
(function (host, web) {
  'use strict';

  const RUNNING = new Map();

  // What the event loop brings.
  web.deliver = (kind, id, payload) => {
    if (kind === 'timer') return web.timerFired(id);
    RUNNING.get(id)?.(kind, payload);
  };

  // One exchange with the engine: `on` hears `response`, `error`, `chunk`, `end`.
  web.start = (description, bytes, stream, on) => {
    const id = host.start(JSON.stringify(description), bytes === null ? '' : web.latin1(bytes));
    RUNNING.set(id, on);
    if (stream !== null) upload(id, stream);
    return {
      pull: () => host.pull(id),
      cancel: () => {
        RUNNING.delete(id);
        host.cancel(id);
      },
    };
  };
  const upload = async (id, stream) => {
    const reader = web.streams.getReader(stream);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        if (!(value instanceof Uint8Array)) throw new TypeError('a chunk of a body is a Uint8Array');
        host.uploadChunk(id, web.latin1(value));
      }
      host.uploadEnd(id, true);
    } catch {
      host.uploadEnd(id, false);
    }
  };

  // The body of a running exchange as a stream.
  const bodyOf = (exchange, waiting) => web.streams.ofPull(
    (controller) => new Promise((resolve) => {
      waiting.next = (kind, payload) => {
        waiting.next = null;
        if (kind === 'chunk') controller.enqueue(payload);
        else if (kind === 'end') controller.close();
        else controller.error(new TypeError(payload));
        resolve();
      };
      exchange.pull();
    }),
    () => exchange.cancel(),
  );

  const ofBlobUrl = (request) => {
    const blob = web.blobUrls.resolve(request.url);
    if (blob === null || request.method !== 'GET') throw new TypeError('the blob: URL cannot be fetched');
    const headers = [['content-length', String(blob.size)], ['content-type', blob.type]];
    const head = { type: 'basic', url: request.url, redirected: false, status: 200, statusText: 'OK', headers };
    return web.makeResponse(head, blob.stream());
  };

  web.operation('fetch', async function fetch(input, init = undefined) {
    web.required(arguments, 1);
    const request = new Request(input, init);
    const state = web.requestState(request);
    const { signal } = state;
    const stream = state.body?.bytes === null ? state.body.stream : null;
    if (signal.aborted) {
      if (stream !== null) stream.cancel(signal.reason).catch(() => {});
      throw signal.reason;
    }
    if (state.url.startsWith('blob:')) return ofBlobUrl(state);
    if (state.body !== null && stream === null) web.streams.seize(state.body.stream);
    const { body, headers, signal: _signal, ...members } = state;
    const description = {
      api: 'fetch', ...members, headers: web.headers.list(headers),
      body: body === null ? 'none' : stream === null ? 'bytes' : 'stream',
      duplex: stream === null ? undefined : 'half',
    };
    return new Promise((resolve, reject) => {
      const waiting = { next: null };
      let responseBody = null;
      const exchange = web.start(description, body?.bytes ?? null, stream, (kind, payload) => {
        if (kind === 'response') {
          const { nullBody, ...head } = JSON.parse(payload);
          responseBody = nullBody ? null : bodyOf(exchange, waiting);
          resolve(web.makeResponse(head, responseBody));
        } else if (kind === 'error' && responseBody === null) {
          reject(new TypeError(payload));
        } else {
          waiting.next?.(kind, payload);
        }
      });
      web.onAbort(signal, () => {
        exchange.cancel();
        reject(signal.reason);
        if (stream !== null) web.streams.error(stream, signal.reason);
        if (responseBody !== null) web.streams.error(responseBody, signal.reason);
      });
    });
  });
})
