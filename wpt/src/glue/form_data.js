// xhr.spec.whatwg.org/#interface-formdata, and multipart/form-data in both directions.
(function (host, web) {
  'use strict';

  const ENTRIES = new WeakMap();

  const entry = (name, value, fileName) => {
    if (!(value instanceof Blob)) return [web.USVString(name), web.USVString(value)];
    const isFile = value instanceof File;
    if (isFile && fileName === undefined) return [web.USVString(name), value];
    return [web.USVString(name), new File([value], fileName ?? 'blob', { type: value.type })];
  };

  class FormData {
    constructor(form = undefined) {
      if (form !== undefined) web.limit('FormData of a form element');
      ENTRIES.set(this, []);
    }
    append(name, value, fileName = undefined) {
      web.required(arguments, 2);
      ENTRIES.get(this).push(entry(name, value, fileName));
    }
    delete(name) { ENTRIES.set(this, ENTRIES.get(this).filter((pair) => pair[0] !== String(name))); }
    get(name) { return ENTRIES.get(this).find((pair) => pair[0] === String(name))?.[1] ?? null; }
    getAll(name) { return ENTRIES.get(this).filter((pair) => pair[0] === String(name)).map((pair) => pair[1]); }
    has(name) { return ENTRIES.get(this).some((pair) => pair[0] === String(name)); }
    set(name, value, fileName = undefined) {
      web.required(arguments, 2);
      const made = entry(name, value, fileName);
      const list = ENTRIES.get(this);
      const first = list.findIndex((pair) => pair[0] === made[0]);
      if (first < 0) list.push(made);
      else ENTRIES.set(this, list.map((pair, at) => (at === first ? made : pair)).filter((pair, at) => pair[0] !== made[0] || at === first));
    }
  }
  web.expose('FormData', FormData);
  web.iterable('FormData', FormData, (form) => ENTRIES.get(form));

  const newlines = (text) => text.replace(/\r\n?|\n/g, '\r\n');
  const escape = (text) => text.replace(/\r\n?|\n/g, '%0D%0A').replace(/"/g, '%22');

  let boundaries = 0;
  web.multipart = {
    encode(form) {
      const boundary = `----vetchFormBoundary${String(++boundaries).padStart(16, '0')}`;
      const chunks = [];
      for (const [name, value] of ENTRIES.get(form)) {
        let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(newlines(name))}"`;
        if (typeof value === 'string') {
          chunks.push(web.utf8(`${head}\r\n\r\n${newlines(value)}\r\n`));
          continue;
        }
        head += `; filename="${escape(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
        chunks.push(web.utf8(`${head}\r\n\r\n`), web.blobBytes(value), web.utf8('\r\n'));
      }
      chunks.push(web.utf8(`--${boundary}--\r\n`));
      return { bytes: web.concat(chunks), type: `multipart/form-data; boundary=${boundary}` };
    },
    decode(bytes, boundary) {
      // As Latin-1, so that a position in the text is one in the bytes.
      const text = web.latin1(bytes);
      const utf8 = (part) => web.utf8Decode(Uint8Array.from(part, (character) => character.charCodeAt(0)));
      const malformed = () => new TypeError('the body is not multipart/form-data');
      const form = new FormData();
      const parts = text.split(`--${boundary}`);
      if (parts.length < 2 || !parts.at(-1).startsWith('--')) throw malformed();
      for (const part of parts.slice(1, -1)) {
        const split = part.indexOf('\r\n\r\n');
        if (!part.startsWith('\r\n') || !part.endsWith('\r\n') || split < 0) throw malformed();
        const head = utf8(part.slice(2, split));
        const body = part.slice(split + 4, -2);
        const name = /^content-disposition: *form-data; *name="([^"]*)"/im.exec(head)?.[1];
        if (name === undefined) throw malformed();
        const plain = (value) => value.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');
        const fileName = /; *filename="([^"]*)"/i.exec(head)?.[1];
        if (fileName === undefined) {
          form.append(plain(name), utf8(body));
          continue;
        }
        const type = /^content-type: *(.*)$/im.exec(head)?.[1]?.trim() ?? 'text/plain';
        form.append(plain(name), new File([Uint8Array.from(body, (character) => character.charCodeAt(0))], plain(fileName), { type }));
      }
      return form;
    },
    decodeUrlencoded(bytes) {
      const form = new FormData();
      for (const [name, value] of JSON.parse(host.formParse(web.utf8Decode(bytes)))) form.append(name, value);
      return form;
    },
  };
})
