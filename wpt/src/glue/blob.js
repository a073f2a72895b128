// w3c.github.io/FileAPI: bytes with a type.
(function (host, web) {
  'use strict';

  const BYTES = new WeakMap();

  class Blob {
    #type;
    constructor(parts = undefined, options = undefined) {
      const { type = '' } = web.dictionary(options);
      if (parts !== undefined && (parts === null || typeof parts !== 'object')) throw new TypeError('the parts of a Blob are a sequence');
      const chunks = Array.from(parts ?? [], (part) => {
        if (part instanceof Blob) return BYTES.get(part);
        return web.isBufferSource(part) ? web.bytesOf(part) : web.utf8(part);
      });
      BYTES.set(this, web.concat(chunks));
      const text = String(type);
      this.#type = /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
    }
    get size() { return BYTES.get(this).byteLength; }
    get type() { return this.#type; }
    slice(start = undefined, end = undefined, type = '') {
      return new Blob([BYTES.get(this).slice(start, end)], { type });
    }
    stream() { return web.streams.ofBytes(BYTES.get(this)); }
    async text() { return web.utf8Decode(BYTES.get(this)); }
    async arrayBuffer() { return BYTES.get(this).slice().buffer; }
    async bytes() { return BYTES.get(this).slice(); }
  }
  web.expose('Blob', Blob);
  web.blobBytes = (blob) => BYTES.get(blob);

  class File extends Blob {
    #name;
    #modified;
    constructor(parts, name, options = undefined) {
      web.required(arguments, 2);
      super(parts, options);
      this.#name = web.USVString(name);
      this.#modified = web.dictionary(options).lastModified ?? Date.now();
    }
    get name() { return this.#name; }
    get lastModified() { return this.#modified; }
  }
  web.expose('File', File);

  class FileReader extends EventTarget {
    #state = 0;
    #result = null;
    get readyState() { return this.#state; }
    get result() { return this.#result; }
    get error() { return null; }
    #read(blob, convert) {
      this.#state = 1;
      setTimeout(() => {
        this.#state = 2;
        this.#result = convert(BYTES.get(blob));
        web.fireProgress(this, 'load', blob.size, blob.size);
        web.fireProgress(this, 'loadend', blob.size, blob.size);
      }, 0);
    }
    readAsText(blob) { this.#read(blob, web.utf8Decode); }
    readAsArrayBuffer(blob) { this.#read(blob, (bytes) => bytes.slice().buffer); }
    readAsBinaryString(blob) { this.#read(blob, web.latin1); }
    readAsDataURL(blob) {
      this.#read(blob, (bytes) => `data:${blob.type || 'application/octet-stream'};base64,${btoa(web.latin1(bytes))}`);
    }
  }
  web.expose('FileReader', FileReader);
  web.handlers(FileReader.prototype, ['loadstart', 'progress', 'load', 'abort', 'error', 'loadend']);
})
