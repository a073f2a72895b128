// fetch.spec.whatwg.org/#body-mixin and BodyInit.
(function (host, web) {
  'use strict';

  // A body: its stream, and its bytes where they are known without reading.
  web.extractBody = (init, keepalive = false) => {
    if (web.streams.is(init)) {
      if (keepalive) throw new TypeError('a stream cannot be kept alive');
      if (web.streams.isLocked(init) || web.streams.isDisturbed(init)) throw new TypeError('the stream is locked or was read');
      return { stream: init, bytes: null, type: null };
    }
    const { bytes, type, text } = web.bodyBytes(init);
    return { stream: web.streams.ofBytes(bytes), bytes, type, text };
  };
  web.bodyBytes = (init) => {
    if (init instanceof Blob) return { bytes: web.blobBytes(init), type: init.type || null, text: false };
    if (web.isBufferSource(init)) return { bytes: web.bytesOf(init), type: null, text: false };
    if (init instanceof FormData) return { ...web.multipart.encode(init), text: false };
    if (init instanceof URLSearchParams) {
      return { bytes: web.utf8(init.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8', text: true };
    }
    return { bytes: web.utf8(init), type: 'text/plain;charset=UTF-8', text: true };
  };
  web.cloneBody = (body) => {
    if (body === null) return null;
    const [kept, clone] = web.streams.tee(body.stream);
    body.stream = kept;
    return { ...body, stream: clone };
  };
  web.isUnusable = (body) => body !== null && (web.streams.isDisturbed(body.stream) || web.streams.isLocked(body.stream));

  web.readAll = async (stream) => {
    const reader = web.streams.getReader(stream);
    const chunks = [];
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return web.concat(chunks);
      if (!(value instanceof Uint8Array)) {
        const wrong = new TypeError('a chunk of a body is a Uint8Array');
        reader.cancel(wrong).catch(() => {});
        throw wrong;
      }
      chunks.push(value);
    }
  };

  // The methods and attributes of a request or a response with that body.
  web.bodyMixin = (constructor, bodyOf, headersOf) => {
    const consume = async (object, convert) => {
      const body = bodyOf(object);
      if (web.isUnusable(body)) throw new TypeError('the body was read or is locked');
      const bytes = body === null ? new Uint8Array() : await web.readAll(body.stream);
      return convert(bytes);
    };
    const typeOf = (object) => {
      const text = web.headers.get(headersOf(object), 'content-type');
      return text === null ? null : JSON.parse(host.mimeType(text));
    };
    const formData = (object) => (bytes) => {
      const type = typeOf(object);
      if (type?.essence === 'multipart/form-data' && type.boundary !== null) return web.multipart.decode(bytes, type.boundary);
      if (type?.essence === 'application/x-www-form-urlencoded') return web.multipart.decodeUrlencoded(bytes);
      throw new TypeError('the type is no form');
    };
    const members = {
      async arrayBuffer() { return consume(this, (bytes) => bytes.slice().buffer); },
      async blob() { return consume(this, (bytes) => new Blob([bytes], { type: typeOf(this)?.text ?? '' })); },
      async bytes() { return consume(this, (bytes) => bytes); },
      async formData() { return consume(this, formData(this)); },
      async json() { return consume(this, (bytes) => JSON.parse(web.utf8Decode(bytes))); },
      async text() { return consume(this, web.utf8Decode); },
    };
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(constructor.prototype, name, { value, configurable: true, writable: true });
    }
    Object.defineProperty(constructor.prototype, 'body', { get() { return bodyOf(this)?.stream ?? null; }, configurable: true });
    Object.defineProperty(constructor.prototype, 'bodyUsed', {
      get() {
        const body = bodyOf(this);
        return body !== null && web.streams.isDisturbed(body.stream);
      },
      configurable: true,
    });
  };
})
