/** File servers beside one another: what a request costs over HTTP. */
package dev.sluice.bench.http;
