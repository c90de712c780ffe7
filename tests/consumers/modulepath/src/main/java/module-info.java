/** A program that requires Sluice. */
module consumer {
  requires dev.sluice;
}
