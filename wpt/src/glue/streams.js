// streams.spec.whatwg.org: readable streams with a default controller, which is what bodies are made of.
(function (host, web) {
  'use strict';

  const STREAMS = new WeakMap();
  const CONTROLLERS = new WeakMap();
  const READERS = new WeakMap();
  const MAKE = Symbol('make');

  const deferred = () => {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    // Nobody need look at it.
    made.promise.catch(() => {});
    return made;
  };

  // A dictionary of ours, which members that a script puts on every object do not reach.
  const own = (members) => Object.assign(Object.create(null), members);

  class ReadableStreamDefaultController {
    constructor(key) { if (key !== MAKE) throw new TypeError('Illegal constructor'); }
    get desiredSize() {
      const stream = CONTROLLERS.get(this);
      if (stream.state === 'errored') return null;
      return stream.state === 'closed' ? 0 : stream.highWaterMark - stream.queue.length;
    }
    enqueue(chunk) {
      const stream = CONTROLLERS.get(this);
      if (stream.state !== 'readable' || stream.closing) throw new TypeError('the stream takes no more chunks');
      if (stream.requests.length > 0) stream.requests.shift().resolve({ value: chunk, done: false });
      else stream.queue.push(chunk);
      pullIfNeeded(stream);
    }
    close() {
      const stream = CONTROLLERS.get(this);
      if (stream.state !== 'readable' || stream.closing) throw new TypeError('the stream is closed');
      stream.closing = true;
      if (stream.queue.length === 0) close(stream);
    }
    error(reason) { fail(CONTROLLERS.get(this), reason); }
  }
  web.expose('ReadableStreamDefaultController', ReadableStreamDefaultController);

  const close = (stream) => {
    stream.state = 'closed';
    for (const request of stream.requests.splice(0)) request.resolve({ value: undefined, done: true });
    stream.reader?.closed.resolve();
  };
  const fail = (stream, reason) => {
    if (stream.state !== 'readable') return;
    Object.assign(stream, { state: 'errored', reason, queue: [] });
    for (const request of stream.requests.splice(0)) request.reject(reason);
    stream.reader?.closed.reject(reason);
  };
  const pullIfNeeded = (stream) => {
    const wanted = stream.started && stream.state === 'readable' && !stream.closing
      && (stream.requests.length > 0 || stream.highWaterMark > stream.queue.length);
    if (!wanted) return;
    if (stream.pulling) {
      stream.pullAgain = true;
      return;
    }
    stream.pulling = true;
    let pulled;
    try {
      pulled = Promise.resolve(stream.pull?.call(stream.source, stream.controller));
    } catch (error) {
      pulled = Promise.reject(error);
    }
    pulled.then(
      () => {
        stream.pulling = false;
        if (stream.pullAgain) {
          stream.pullAgain = false;
          pullIfNeeded(stream);
        }
      },
      (error) => fail(stream, error),
    );
  };
  const read = (stream) => {
    stream.disturbed = true;
    if (stream.state === 'errored') return Promise.reject(stream.reason);
    if (stream.queue.length > 0) {
      const value = stream.queue.shift();
      if (stream.closing && stream.queue.length === 0) close(stream);
      else pullIfNeeded(stream);
      return Promise.resolve({ value, done: false });
    }
    if (stream.state === 'closed') return Promise.resolve({ value: undefined, done: true });
    const request = deferred();
    stream.requests.push(request);
    pullIfNeeded(stream);
    return request.promise;
  };
  const cancel = (stream, reason) => {
    stream.disturbed = true;
    if (stream.state === 'closed') return Promise.resolve();
    if (stream.state === 'errored') return Promise.reject(stream.reason);
    stream.queue = [];
    close(stream);
    try {
      return Promise.resolve(stream.cancel?.call(stream.source, reason)).then(() => undefined);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  class ReadableStreamDefaultReader {
    constructor(stream) {
      const inner = STREAMS.get(stream);
      if (inner === undefined) throw new TypeError('not a ReadableStream');
      if (inner.reader) throw new TypeError('the stream is locked');
      const reader = { stream: inner, closed: deferred() };
      inner.reader = reader;
      READERS.set(this, reader);
      if (inner.state === 'closed') reader.closed.resolve();
      if (inner.state === 'errored') reader.closed.reject(inner.reason);
    }
    get closed() { return READERS.get(this).closed.promise; }
    async read() {
      const { stream } = READERS.get(this);
      if (!stream) throw new TypeError('the reader has no stream');
      return read(stream);
    }
    async cancel(reason = undefined) {
      const { stream } = READERS.get(this);
      if (!stream) throw new TypeError('the reader has no stream');
      return cancel(stream, reason);
    }
    releaseLock() {
      const reader = READERS.get(this);
      if (!reader.stream) return;
      const released = new TypeError('the reader was released');
      for (const request of reader.stream.requests.splice(0)) request.reject(released);
      if (reader.stream.state !== 'readable') {
        reader.closed = deferred();
      }
      reader.closed.reject(released);
      reader.stream.reader = null;
      reader.stream = null;
    }
  }
  web.expose('ReadableStreamDefaultReader', ReadableStreamDefaultReader);

  class ReadableStream {
    constructor(source = undefined, strategy = undefined) {
      const { start, pull, cancel: onCancel, type } = source ?? own({});
      if (type !== undefined && String(type) === 'bytes') web.limit('byte streams');
      if (type !== undefined) throw new RangeError('the type of a stream is bytes or absent');
      const { highWaterMark = 1, size } = web.dictionary(strategy);
      if (size !== undefined && typeof size !== 'function') throw new TypeError('size is not a function');
      const controller = new ReadableStreamDefaultController(MAKE);
      const stream = {
        source, pull, cancel: onCancel, controller, highWaterMark: Number(highWaterMark), queue: [], requests: [],
        state: 'readable', reader: null, disturbed: false, started: false, closing: false, pulling: false, pullAgain: false,
      };
      STREAMS.set(this, stream);
      CONTROLLERS.set(controller, stream);
      const started = start?.call(source, controller);
      Promise.resolve(started).then(
        () => {
          stream.started = true;
          pullIfNeeded(stream);
        },
        (error) => fail(stream, error),
      );
    }
    get locked() { return STREAMS.get(this).reader !== null; }
    getReader(options = undefined) {
      const { mode } = web.dictionary(options);
      if (mode !== undefined && String(mode) !== 'byob') throw new TypeError('the mode of a reader is byob or absent');
      if (mode !== undefined) throw new TypeError('the stream is not a byte stream');
      return new ReadableStreamDefaultReader(this);
    }
    async cancel(reason = undefined) {
      if (this.locked) throw new TypeError('the stream is locked');
      return cancel(STREAMS.get(this), reason);
    }
    tee() {
      const reader = this.getReader();
      const branches = [];
      const cancelled = [];
      const done = deferred();
      let reading = false;
      const pull = async () => {
        if (reading) return;
        reading = true;
        try {
          const { value, done: over } = await reader.read();
          for (const at of [0, 1]) {
            if (cancelled[at]) continue;
            if (over) branches[at].close();
            else branches[at].enqueue(value);
          }
          if (over) done.resolve();
        } catch (error) {
          for (const controller of branches) controller.error(error);
          done.resolve();
        }
        reading = false;
      };
      const branch = (at) => new ReadableStream(own({
        start(controller) { branches[at] = controller; },
        pull,
        cancel(reason) {
          cancelled[at] = [reason];
          if (cancelled[1 - at]) done.resolve(reader.cancel([cancelled[0][0], cancelled[1][0]]));
          return done.promise;
        },
      }), own({ highWaterMark: 0 }));
      return [branch(0), branch(1)];
    }
    async pipeTo(destination, options = undefined) {
      const reader = this.getReader();
      const writer = destination.getWriter();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        await writer.write(value);
      }
      if (!web.dictionary(options).preventClose) await writer.close();
    }
    pipeThrough(transform, options = undefined) {
      if (this.locked) throw new TypeError('the stream is locked');
      this.pipeTo(transform.writable, options).catch(() => {});
      return transform.readable;
    }
    async *values() {
      const reader = this.getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          yield value;
        }
      } finally {
        reader.releaseLock();
      }
    }
    [Symbol.asyncIterator]() { return this.values(); }
  }
  web.expose('ReadableStream', ReadableStream);

  // A sink that a script writes into, and the two ends of a transformation that changes nothing.
  class WritableStream {
    #sink;
    constructor(sink = {}) { this.#sink = sink; }
    getWriter() {
      const sink = this.#sink;
      return {
        async write(chunk) { await sink.write?.(chunk); },
        async close() { await sink.close?.(); },
        releaseLock() {},
      };
    }
  }
  web.expose('WritableStream', WritableStream);
  class TransformStream {
    constructor(transformer = {}) {
      let controller;
      this.readable = new ReadableStream({ start(made) { controller = made; } });
      const transform = transformer.transform ?? ((chunk, target) => target.enqueue(chunk));
      this.writable = new WritableStream({
        write: (chunk) => transform(chunk, controller),
        close: () => controller.close(),
      });
    }
  }
  web.expose('TransformStream', TransformStream);

  const { getReader, tee } = ReadableStream.prototype;
  const { read: readOf } = ReadableStreamDefaultReader.prototype;
  web.streams = {
    is: (value) => STREAMS.has(value),
    isLocked: (stream) => STREAMS.get(stream).reader !== null,
    isDisturbed: (stream) => STREAMS.get(stream).disturbed,
    isErrored: (stream) => STREAMS.get(stream).state === 'errored',
    error: (stream, reason) => fail(STREAMS.get(stream), reason),
    // Takes the stream away from whoever holds it.
    seize(stream) {
      const inner = STREAMS.get(stream);
      inner.disturbed = true;
      inner.reader ??= { stream: inner, closed: deferred() };
    },
    getReader: (stream) => {
      const reader = getReader.call(stream);
      return { read: () => readOf.call(reader), cancel: (reason) => reader.cancel(reason) };
    },
    tee: (stream) => tee.call(stream),
    ofBytes: (bytes) => new ReadableStream(own({
      start(controller) {
        if (bytes.byteLength > 0) controller.enqueue(bytes.slice());
        controller.close();
      },
    })),
    // Chunks are asked for one by one, and some before anyone reads them, as a network does not wait.
    ofPull: (pull, onCancel) => new ReadableStream(own({ pull, cancel: onCancel }), own({ highWaterMark: 16 })),
  };
})
