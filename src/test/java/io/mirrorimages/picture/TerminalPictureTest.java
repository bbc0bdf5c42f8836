package io.mirrorimages.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.VirtualTerminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** A recording, as {@code script} writes it, and the picture that is drawn of it. */
class TerminalPictureTest {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final StringBuilder timing = new StringBuilder();

  TerminalPictureTest() {
    output.writeBytes(utf8("Script started on a day\n"));
  }

  @Test
  void readsCharactersAndSequencesThatAreWrittenInPieces() throws IOException {
    byte[] bar = utf8("█");
    print(0.5, new byte[] {bar[0]});
    print(0.5, new byte[] {bar[1], bar[2]});
    print(0.5, utf8("\u001b[3"));
    print(0.5, utf8("1mred"));

    List<VirtualTerminal.Cell> row = read().getLast().rows().getFirst();

    assertThat(row.getFirst().text()).isEqualTo("█");
    assertThat(row.get(1))
        .isEqualTo(new VirtualTerminal.Cell("r", new VirtualTerminal.Style(1, false, false)));
  }

  @Test
  void putsTogetherWhatComesAtOnceAndShortensPauses() throws IOException {
    print(1, utf8("a"));
    print(0.01, utf8("b"));
    print(60, utf8("c"));

    assertThat(read()).extracting(Recording.Frame::at).containsExactly(seconds(1), seconds(3.01));
  }

  @Test
  void drawsEachRowThatDiffersOnce() throws Exception {
    print(1, utf8("same\r\nold <&>"));
    print(1, utf8("\r\u001b[Knew"));

    Document svg = parse(new TerminalPicture(20, 3).draw(read(), "A & B", List.of("command")));

    assertThat(svg.getElementsByTagName("use").getLength()).isEqualTo(4);
    assertThat(svg.getElementsByTagName("text").getLength()).isEqualTo(3);
    assertThat(svg.getElementsByTagName("text").item(1).getTextContent()).isEqualTo("old <&>");
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("A & B");
  }

  private void print(double afterSeconds, byte[] bytes) {
    output.writeBytes(bytes);
    timing.append(afterSeconds).append(' ').append(bytes.length).append('\n');
  }

  private List<Recording.Frame> read() throws IOException {
    return Recording.read(
        Files.write(folder.resolve("output"), output.toByteArray()),
        Files.writeString(folder.resolve("timing"), timing),
        new VirtualTerminal(20, 3),
        INTERVAL,
        LONGEST_PAUSE);
  }

  private static Document parse(String picture) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(utf8(picture)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
