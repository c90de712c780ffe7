/**
 * Relays: two connected sockets, both ways at once. A few threads serve all relays of the process
 * by readiness.
 */
@NullMarked
package dev.sluice.internal.relay;

import org.jspecify.annotations.NullMarked;
