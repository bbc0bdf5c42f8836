package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedListTest {
  @TempDir private Path folder;
  private Path wanted;

  @BeforeEach
  void start() {
    wanted = folder.resolve("failed.txt");
  }

  @Test
  void theOnlyRunHasTheNameThatIsWanted() throws Exception {
    FailedList list = FailedList.take(wanted);

    assertThat(list.file()).isEqualTo(wanted);
    assertThat(list.holder()).isEmpty();
    list.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSecondRunGetsANameOfItsOwnWhileTheFirstGoes() throws Exception {
    FailedList first = FailedList.take(wanted);
    try (FailedList second = FailedList.take(wanted);
        FailedList third = FailedList.take(wanted)) {
      assertThat(second.file()).isEqualTo(folder.resolve("failed-2.txt"));
      assertThat(second.holder().orElseThrow())
          .startsWith(wanted + " is being written by process " + ProcessHandle.current().pid());
      assertThat(third.file()).isEqualTo(folder.resolve("failed-3.txt"));
      first.close();
      try (FailedList next = FailedList.take(wanted)) {
        assertThat(next.file()).isEqualTo(wanted);
      }
    }
  }

  @Test
  void aFileOfTheUsersIsNotTakenForAList() throws Exception {
    Files.writeString(folder.resolve("failed-2.txt"), "Dear diary\n");
    Files.writeString(folder.resolve("failed-3.txt"), OutcomeKinds.HEADER + "\n");
    try (FailedList first = FailedList.take(wanted);
        FailedList second = FailedList.take(wanted)) {
      assertThat(first.file()).isEqualTo(wanted);
      assertThat(second.file()).isEqualTo(folder.resolve("failed-3.txt"));
    }
  }

  @Test
  void aNameWithoutAnEndingIsNumberedAtItsEnd() throws Exception {
    Path hidden = folder.resolve(".left");
    try (FailedList first = FailedList.take(hidden);
        FailedList second = FailedList.take(hidden)) {
      assertThat(first.file()).isEqualTo(hidden);
      assertThat(second.file()).isEqualTo(folder.resolve(".left-2"));
    }
  }

  @Test
  void moreRunsThanThereCanBeAreRefused() throws Exception {
    List<FailedList> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(FailedList.take(wanted));
    }

    assertThatThrownBy(() -> FailedList.take(wanted))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("{setting failed}");

    all.forEach(FailedList::close);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whereNoLockCanBeMadeTheNameIsTakenWithout() throws Exception {
    Path nowhere = folder.resolve("none/failed.txt");
    try (FailedList list = FailedList.take(nowhere)) {
      assertThat(list.file()).isEqualTo(nowhere);
    }
  }
}
