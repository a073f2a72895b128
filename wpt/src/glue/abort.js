// dom.spec.whatwg.org/#aborting-ongoing-activities
(function (host, web) {
  'use strict';

  const MAKE = Symbol('make a signal');
  const ALGORITHMS = new WeakMap();

  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason = undefined;
    constructor(key) {
      if (key !== MAKE) throw new TypeError('Illegal constructor');
      super();
      ALGORITHMS.set(this, new Set());
    }
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    static abort(reason = undefined) {
      const signal = new AbortSignal(MAKE);
      web.signalAbort(signal, reason);
      return signal;
    }
    static timeout(milliseconds) {
      const signal = new AbortSignal(MAKE);
      setTimeout(() => web.signalAbort(signal, web.domException('TimeoutError', 'the signal timed out')), milliseconds);
      return signal;
    }
    static any(signals) {
      const signal = new AbortSignal(MAKE);
      for (const source of signals) web.followSignal(signal, source);
      return signal;
    }
    static [MAKE](signal, reason) {
      if (signal.#aborted) return false;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? web.domException('AbortError', 'the operation was aborted') : reason;
      return true;
    }
  }
  const markAborted = AbortSignal[MAKE];
  delete AbortSignal[MAKE];
  web.expose('AbortSignal', AbortSignal);
  web.handlers(AbortSignal.prototype, ['abort']);

  web.newSignal = () => new AbortSignal(MAKE);
  web.signalAbort = (signal, reason) => {
    if (!markAborted(signal, reason)) return;
    for (const algorithm of ALGORITHMS.get(signal)) algorithm();
    ALGORITHMS.get(signal).clear();
    web.fire(signal, 'abort');
  };
  web.onAbort = (signal, algorithm) => ALGORITHMS.get(signal).add(algorithm);
  web.followSignal = (signal, parent) => {
    if (signal.aborted) return;
    if (parent.aborted) web.signalAbort(signal, parent.reason);
    else web.onAbort(parent, () => web.signalAbort(signal, parent.reason));
  };

  class AbortController {
    #signal = web.newSignal();
    get signal() { return this.#signal; }
    abort(reason = undefined) { web.signalAbort(this.#signal, reason); }
  }
  web.expose('AbortController', AbortController);
})
