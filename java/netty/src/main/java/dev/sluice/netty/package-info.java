/**
 * Sluice in programs of Netty 4.2: {@link dev.sluice.netty.SluiceFileRegion} sends files on every
 * transport, {@link dev.sluice.netty.FileReceiver} stores uploads, {@link
 * dev.sluice.netty.ChannelRelay} connects two channels.
 *
 * @since 0.1.0
 */
package dev.sluice.netty;
