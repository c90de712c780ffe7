/**
 * Sluice in programs of Netty 4.2: {@link dev.sluice.netty.SluiceFileRegion} sends files on every
 * transport.
 *
 * @since 0.1.0
 */
package dev.sluice.netty;
