];

export const options = {
  scenarios: { deliveries: { executor: 'shared-iterations', vus: 1, iterations: deliveries.length } },
};

export default function () {
  const delivery = deliveries[exec.scenario.iterationInTest % deliveries.length];
  const response = http.request(delivery.method, delivery.url, encoding.b64decode(delivery.body), {
    headers: delivery.headers,
    redirects: 0,
  });
  check(response, { 'the status is 2xx': (response) => response.status >= 200 && response.status < 300 });
}
