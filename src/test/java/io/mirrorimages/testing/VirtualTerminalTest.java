package io.mirrorimages.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTerminalTest {
  private final VirtualTerminal terminal = new VirtualTerminal(10, 3);

  @Test
  void wrapsLongLinesAndScrollsAtItsEnd() {
    terminal.write("one\r\n0123456789ab\r\nlast");

    assertThat(terminal.rows()).containsExactly("0123456789", "ab", "last");
    assertThat(terminal.everything()).startsWith("one");
    assertThat(terminal.wraps()).isOne();
    assertThat(terminal.scrolls()).isOne();
  }

  @Test
  void takesSequencesInPieces() {
    terminal.write("12 of 67");
    terminal.write("\r\u001b[");
    terminal.write("K13");

    assertThat(terminal.rows()).containsExactly("13");
  }

  @Test
  void goesUpAndErasesWhatIsBelow() {
    terminal.write("a\r\nb\r\nc\u001b[2A\r\u001b[J*");

    assertThat(terminal.rows()).containsExactly("*");
  }

  @Test
  void writesOverTheLastColumnWhereWrappingIsOff() {
    terminal.write("\u001b[?7l0123456789ab");

    assertThat(terminal.rows()).containsExactly("012345678b");
    assertThat(terminal.cuts()).isEqualTo(2);
  }

  @Test
  void wideCharactersTakeTwoCells() {
    terminal.write("a镜像");

    assertThat(terminal.column()).isEqualTo(5);
    assertThat(terminal.rows()).containsExactly("a镜像");
  }

  @Test
  void keepsColours() {
    terminal.write("\u001b[1;31mred\u001b[0m.");
    List<VirtualTerminal.Cell> row = terminal.cells().getFirst();

    assertThat(row.get(2).style()).isEqualTo(new VirtualTerminal.Style(1, true, false));
    assertThat(row.get(3).style()).isEqualTo(VirtualTerminal.Style.PLAIN);
  }

  @Test
  void failsAtSequencesThatTheProgramDoesNotUse() {
    assertThatThrownBy(() -> terminal.write("\u001b[2H")).hasMessageContaining("ESC [2H");
    assertThatThrownBy(() -> terminal.write("\u001b]0;title")).hasMessageContaining("ESC ]");
  }
}
