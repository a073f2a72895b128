// xhr.spec.whatwg.org: the object's states and events; the request and what may be seen of its answer are the engine's.
(function (host, web) {
  'use strict';

  const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];
  const MAKE = Symbol('make');

  class XMLHttpRequestEventTarget extends EventTarget {}
  web.expose('XMLHttpRequestEventTarget', XMLHttpRequestEventTarget);
  web.handlers(XMLHttpRequestEventTarget.prototype, EVENTS);

  class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {
    constructor(key) {
      if (key !== MAKE) throw new TypeError('Illegal constructor');
      super();
    }
  }
  web.expose('XMLHttpRequestUpload', XMLHttpRequestUpload);

  const [UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE] = [0, 1, 2, 3, 4];
  const RESPONSE_TYPES = ['', 'arraybuffer', 'blob', 'document', 'json', 'text'];
  const invalidState = (message) => web.domException('InvalidStateError', message);

  class XMLHttpRequest extends XMLHttpRequestEventTarget {
    #upload = new XMLHttpRequestUpload(MAKE);
    #state = UNSENT;
    #sent = false;
    #request = { method: 'GET', url: '', headers: [], synchronous: false };
    #withCredentials = false;
    #timeout = 0;
    #timer = null;
    #responseType = '';
    #override = null;
    #head = null;
    #chunks = [];
    #cached = null;
    #exchange = null;
    #uploadComplete = false;
    #uploadListeners = false;
    #sentBytes = 0;

    get readyState() { return this.#state; }
    get upload() { return this.#upload; }
    get withCredentials() { return this.#withCredentials; }
    set withCredentials(value) {
      if (this.#sent || this.#state > OPENED) throw invalidState('the request is sent');
      this.#withCredentials = !!value;
    }
    get timeout() { return this.#timeout; }
    set timeout(value) {
      if (this.#request.synchronous && this.#state !== UNSENT) throw web.domException('InvalidAccessError', 'a synchronous request has no time-out');
      this.#timeout = web.unsignedLong(value);
      if (this.#sent) this.#arm();
    }
    get responseType() { return this.#responseType; }
    set responseType(value) {
      if (this.#state >= LOADING) throw invalidState('the response is being read');
      if (this.#request.synchronous && this.#state !== UNSENT) throw web.domException('InvalidAccessError', 'a synchronous response has no type');
      if (RESPONSE_TYPES.includes(String(value))) this.#responseType = String(value);
    }

    open(method, url, asynchronous = true, user = undefined, password = undefined) {
      web.required(arguments, 2);
      const name = host.method(web.ByteString(method));
      if (name === 'invalid') throw web.domException('SyntaxError', `${method} is not a method`);
      if (name === 'forbidden') throw web.domException('SecurityError', `${method} is forbidden`);
      const parsed = host.urlParse(web.USVString(url), web.page.baseUrl);
      if (parsed === null) throw web.domException('SyntaxError', `${url} is not a URL`);
      let { href, host: urlHost } = JSON.parse(parsed);
      if (arguments.length > 2 && urlHost !== '') {
        if (user !== undefined && user !== null) href = JSON.parse(host.urlSet(href, 'username', web.USVString(user))).href;
        if (password !== undefined && password !== null) href = JSON.parse(host.urlSet(href, 'password', web.USVString(password))).href;
      }
      const synchronous = arguments.length > 2 && !asynchronous;
      if (synchronous && (this.#timeout !== 0 || this.#responseType !== '')) {
        throw web.domException('InvalidAccessError', 'a synchronous request has no time-out and no response type');
      }
      this.#stop();
      this.#request = { method: name, url: href, headers: [], synchronous };
      this.#sent = false;
      this.#uploadListeners = false;
      this.#forget();
      if (this.#state !== OPENED) {
        this.#state = OPENED;
        web.fire(this, 'readystatechange');
      }
    }

    setRequestHeader(name, value) {
      web.required(arguments, 2);
      if (this.#state !== OPENED || this.#sent) throw invalidState('the request is not open');
      const header = [web.ByteString(name), web.ByteString(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')];
      if (host.headerCheck(...header) !== null) throw web.domException('SyntaxError', `${header.join(': ')} is not a header`);
      this.#request.headers.push(header);
    }

    send(body = null) {
      if (this.#state !== OPENED || this.#sent) throw invalidState('the request is not open');
      const { method, url, headers, synchronous } = this.#request;
      const sends = body !== null && body !== undefined && method !== 'GET' && method !== 'HEAD';
      const extracted = sends ? web.bodyBytes(body) : null;
      this.#uploadListeners = web.hasListeners(this.#upload);
      const description = {
        api: 'xhr', method, url, headers, withCredentials: this.#withCredentials, uploadListeners: this.#uploadListeners,
        body: sends ? 'bytes' : 'none', contentType: extracted?.type ?? null, text: extracted?.text ?? false,
      };
      this.#uploadComplete = !sends;
      this.#sentBytes = extracted?.bytes.byteLength ?? 0;
      this.#sent = true;
      this.#forget();
      if (synchronous) this.#sendAndWait(description, extracted);
      else this.#sendAndReturn(description, extracted);
    }
    #sendAndReturn(description, extracted) {
      web.fireProgress(this, 'loadstart', 0, 0);
      if (!this.#uploadComplete && this.#uploadListeners) web.fireProgress(this.#upload, 'loadstart', 0, this.#sentBytes);
      if (this.#state !== OPENED || !this.#sent) return;
      this.#arm();
      const exchange = web.start(description, extracted?.bytes ?? null, null, (kind, payload) => {
        if (this.#exchange === exchange) this.#hear(kind, payload);
      });
      this.#exchange = exchange;
    }
    #sendAndWait(description, extracted) {
      const [text, bytes] = host.blockingXhr(JSON.stringify(description), extracted === null ? '' : web.latin1(extracted.bytes));
      const { response, error } = JSON.parse(text);
      this.#sent = false;
      this.#state = DONE;
      if (error !== undefined) {
        throw web.domException('NetworkError', error);
      }
      this.#head = response;
      this.#chunks = [bytes];
      web.fire(this, 'readystatechange');
      web.fireProgress(this, 'load', bytes.byteLength, this.#total());
      web.fireProgress(this, 'loadend', bytes.byteLength, this.#total());
    }

    #hear(kind, payload) {
      if (kind === 'response') {
        this.#finishUpload();
        this.#head = JSON.parse(payload);
        this.#state = HEADERS_RECEIVED;
        web.fire(this, 'readystatechange');
        if (this.#state === HEADERS_RECEIVED) this.#exchange?.pull();
      } else if (kind === 'chunk') {
        this.#chunks.push(payload);
        this.#state = LOADING;
        web.fire(this, 'readystatechange');
        if (this.#state === LOADING) web.fireProgress(this, 'progress', this.#loaded(), this.#total());
        if (this.#state === LOADING) this.#exchange?.pull();
      } else if (kind === 'end') {
        this.#end();
      } else {
        this.#fail('error');
      }
    }
    #finishUpload() {
      if (this.#uploadComplete) return;
      this.#uploadComplete = true;
      if (!this.#uploadListeners) return;
      for (const type of ['progress', 'load', 'loadend']) web.fireProgress(this.#upload, type, this.#sentBytes, this.#sentBytes);
    }
    #end() {
      this.#disarm();
      this.#exchange = null;
      this.#state = DONE;
      this.#sent = false;
      web.fire(this, 'readystatechange');
      if (this.#state !== DONE) return;
      web.fireProgress(this, 'load', this.#loaded(), this.#total());
      if (this.#state === DONE) web.fireProgress(this, 'loadend', this.#loaded(), this.#total());
    }
    // xhr.spec.whatwg.org/#request-error-steps
    #fail(type) {
      this.#stop();
      this.#state = DONE;
      this.#sent = false;
      this.#forget();
      web.fire(this, 'readystatechange');
      if (!this.#uploadComplete) {
        this.#uploadComplete = true;
        if (this.#uploadListeners) {
          web.fireProgress(this.#upload, type, 0, 0);
          web.fireProgress(this.#upload, 'loadend', 0, 0);
        }
      }
      web.fireProgress(this, type, 0, 0);
      web.fireProgress(this, 'loadend', 0, 0);
    }
    abort() {
      this.#stop();
      if ((this.#state === OPENED && this.#sent) || this.#state === HEADERS_RECEIVED || this.#state === LOADING) this.#fail('abort');
      if (this.#state === DONE) {
        this.#state = UNSENT;
        this.#forget();
      }
    }
    #arm() {
      this.#disarm();
      if (this.#timeout > 0) this.#timer = setTimeout(() => this.#fail('timeout'), this.#timeout);
    }
    #disarm() {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    }
    #stop() {
      this.#disarm();
      this.#exchange?.cancel();
      this.#exchange = null;
    }
    #forget() {
      this.#head = null;
      this.#chunks = [];
      this.#cached = null;
    }
    #loaded() { return this.#chunks.reduce((length, chunk) => length + chunk.byteLength, 0); }
    #total() { return this.#head?.contentLength ?? 0; }

    get responseURL() { return this.#head?.url ?? ''; }
    get status() { return this.#head?.status ?? 0; }
    get statusText() { return this.#head?.statusText ?? ''; }
    getResponseHeader(name) {
      web.required(arguments, 1);
      const wanted = web.ByteString(name).toLowerCase();
      const values = (this.#head?.headers ?? []).filter((pair) => pair[0] === wanted).map((pair) => pair[1]);
      return values.length === 0 ? null : values.join(', ');
    }
    getAllResponseHeaders() {
      const names = [...new Set((this.#head?.headers ?? []).map((pair) => pair[0]))];
      names.sort((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1));
      return names.map((name) => `${name}: ${this.getResponseHeader(name)}\r\n`).join('');
    }
    overrideMimeType(mime) {
      web.required(arguments, 1);
      if (this.#state >= LOADING) throw invalidState('the response is being read');
      this.#override = JSON.parse(host.mimeType(String(mime))) ?? { essence: 'application/octet-stream', charset: null, text: 'application/octet-stream' };
    }
    #mimeType() {
      const type = this.getResponseHeader('content-type');
      return this.#override ?? (type === null ? null : JSON.parse(host.mimeType(type))) ?? { essence: 'text/xml', charset: null, text: 'text/xml' };
    }
    #text() {
      const label = this.#mimeType().charset;
      const encoding = (label === null ? null : host.encodingName(label)) ?? 'utf-8';
      return web.decode(encoding, web.concat(this.#chunks));
    }
    get responseText() {
      if (this.#responseType !== '' && this.#responseType !== 'text') throw invalidState('the response is not text');
      return this.#state < LOADING || this.#head === null ? '' : this.#text();
    }
    get responseXML() {
      if (this.#responseType !== '' && this.#responseType !== 'document') throw invalidState('the response is not a document');
      const isMarkup = /[/+]xml$|^text\/html$/.test(this.#mimeType().essence);
      return this.#state === DONE && this.#head !== null && isMarkup ? web.limit('XMLHttpRequest.responseXML') : null;
    }
    get response() {
      if (this.#responseType === '' || this.#responseType === 'text') return this.responseText;
      if (this.#state !== DONE || this.#head === null) return null;
      this.#cached ??= { value: this.#convert() };
      return this.#cached.value;
    }
    #convert() {
      const bytes = web.concat(this.#chunks);
      if (this.#responseType === 'arraybuffer') return bytes.buffer;
      if (this.#responseType === 'blob') return new Blob([bytes], { type: this.#mimeType().text });
      if (this.#responseType === 'document') return web.limit('XMLHttpRequest responses as documents');
      try {
        return JSON.parse(web.utf8Decode(bytes));
      } catch {
        return null;
      }
    }
  }
  web.expose('XMLHttpRequest', XMLHttpRequest);
  web.constants(XMLHttpRequest, { UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE });
  web.handlers(XMLHttpRequest.prototype, ['readystatechange']);
})
