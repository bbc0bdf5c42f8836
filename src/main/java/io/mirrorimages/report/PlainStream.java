package io.mirrorimages.report;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.image.Text;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where all text for people leaves the program: whatever is printed here, from whatever source, can
 * neither steer a terminal nor tell a secret. What is written as bytes is the program's own and
 * stays as it is. Thread-safe.
 */
public final class PlainStream extends PrintStream {
  private final SettingNames naming;
  private volatile LineGate gate = LineGate.OPEN;

  private PlainStream(PrintStream out, Charset charset, SettingNames naming) {
    super(out, true, charset);
    this.naming = naming;
  }

  /**
   * A stream that prints to {@code out}; that one itself if it is such a stream.
   *
   * @param naming how the reader gives a setting that a message advises
   */
  public static PrintStream over(PrintStream out, SettingNames naming) {
    return out instanceof PlainStream ? out : new PlainStream(out, out.charset(), naming);
  }

  /** Writes a sequence that is meant for the terminal, such as one that erases a line. */
  public static void steer(PrintStream out, String sequence) {
    byte[] bytes = sequence.getBytes(out.charset());
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /**
   * Writes the text of a file that the program made, byte by byte as the file is to be: UTF-8, and
   * not searched for what looks like a secret. For files without secrets, with placeholders in
   * place of passwords; their maker vouches for that and for control characters.
   */
  public static void writeFile(PrintStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** From now on lines that are printed to {@code out} pass {@code gate}. */
  public static void setGate(PrintStream out, LineGate gate) {
    if (out instanceof PlainStream plain) {
      plain.gate = gate;
    }
  }

  /** Prints a line to {@code out} in red. */
  public static void printRed(PrintStream out, String line) {
    gate(out)
        .print(
            () -> {
              steer(out, "\u001b[31m");
              out.print(line);
              steer(out, "\u001b[0m" + System.lineSeparator());
            });
  }

  private static LineGate gate(PrintStream out) {
    return out instanceof PlainStream plain ? plain.gate : LineGate.OPEN;
  }

  /** A text in one line, as it would be printed to {@code out}. */
  public static String plain(PrintStream out, String text) {
    return Text.line(out instanceof PlainStream plain ? Setting.named(text, plain.naming) : text);
  }

  @Override
  public void print(String text) {
    super.print(Text.lines(Setting.named(String.valueOf(text), naming)));
  }

  @Override
  public void println(String text) {
    gate.print(() -> super.println(text));
  }

  @Override
  public void println(Object text) {
    println(String.valueOf(text));
  }

  @Override
  public void println() {
    println("");
  }

  @Override
  public void print(Object text) {
    print(String.valueOf(text));
  }

  @Override
  public void print(char[] text) {
    print(String.valueOf(text));
  }

  @Override
  public void print(char text) {
    print(String.valueOf(text));
  }

  @Override
  @SuppressWarnings("AnnotateFormatMethod") // As in PrintStream.
  public PrintStream format(String format, Object... values) {
    print(String.format(format, values));
    return this;
  }

  @Override
  @SuppressWarnings("AnnotateFormatMethod") // As in PrintStream.
  public PrintStream format(Locale locale, String format, Object... values) {
    print(String.format(locale, format, values));
    return this;
  }
}
