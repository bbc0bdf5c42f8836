package io.mirrorimages.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final Screen screen = new Screen(10, 3);

  @Test
  void wrapsLongLinesAndScrollsAtItsEnd() {
    screen.write("one\r\n0123456789ab\r\nlast");

    assertThat(texts()).containsExactly("0123456789", "ab        ", "last      ");
  }

  @Test
  void renewsALineInPlace() {
    screen.write("12 of 67");
    screen.write("\r\u001b[");
    screen.write("K13");

    assertThat(texts().getFirst()).isEqualTo("13        ");
  }

  @Test
  void goesUpAndErasesWhatIsBelow() {
    screen.write("a\r\nb\r\nc\u001b[2A\r\u001b[J*");

    assertThat(texts()).containsExactly("*         ", "          ", "          ");
  }

  @Test
  void cutsLinesWhereWrappingIsOff() {
    screen.write("\u001b[?7l0123456789ab\u001b[?25l");

    assertThat(texts()).containsExactly("0123456789", "          ", "          ");
  }

  @Test
  void keepsColours() {
    screen.write("\u001b[1;31mred\u001b[0m.");
    List<Screen.Cell> row = screen.rows().getFirst();

    assertThat(row.get(2).style()).isEqualTo(new Screen.Style(1, true, false));
    assertThat(row.get(3).style()).isEqualTo(Screen.Style.PLAIN);
  }

  private List<String> texts() {
    return screen.rows().stream()
        .map(
            row ->
                row.stream()
                    .collect(
                        StringBuilder::new,
                        (text, cell) -> text.appendCodePoint(cell.character()),
                        StringBuilder::append)
                    .toString())
        .toList();
  }
}
