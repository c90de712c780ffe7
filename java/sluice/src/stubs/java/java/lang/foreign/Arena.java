package java.lang.foreign;

/** Stands for the JDK's type of this name, to compile against. */
public interface Arena {}
