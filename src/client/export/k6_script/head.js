// Run it with `k6 run FILE`. For more concurrency raise `vus`, to send all deliveries again raise `iterations`.
import http from 'k6/http';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import { check } from 'k6';

const deliveries = [
