// In place of the checkout's testharnessreport.js, which is where a vendor says where results go.
(function (host, web) {
  'use strict';

  web.attachToHarness = () => {
    setup({ output: false });
    add_completion_callback((tests, status) => {
      const subtests = tests.map((test) => [test.name, test.status, test.message ?? '']);
      host.report(JSON.stringify({ status: status.status, message: status.message ?? '', subtests }));
    });
  };
})
