package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedListTest {
  private static final Reference NAME = Reference.parse("rancher/lost:v1");
  private static final ImageResult LOST = ImageResult.unfinished(new ImageRequest(NAME, NAME));

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

  private static final FailedList.ListOwner SAVE =
      new FailedList.ListOwner("save --output a.tar", Set.of());
  private static final FailedList.ListOwner LOAD =
      new FailedList.ListOwner("load b.tar 镜像.tar", Set.of());

  @Test
  void onlyTheJobThatAListBelongsToReplacesOrRemovesIt() throws Exception {
    end(SAVE, List.of(LOST));
    assertThat(wanted)
        .content()
        .startsWith(OutcomeKinds.HEADER + " of: save --output a.tar\n")
        .endsWith("\ndocker.io/rancher/lost:v1\n");

    end(LOAD, List.of());
    assertThat(wanted).content().contains("rancher/lost:v1");
    Path other = folder.resolve("failed-2.txt");
    assertThat(end(LOAD, List.of(LOST)).orElseThrow())
        .isEqualTo(wanted + " is the list of another job (save --output a.tar)");
    assertThat(other).exists();

    end(SAVE, List.of());
    assertThat(wanted).doesNotExist();
    assertThat(end(LOAD, List.of(LOST))).as("it keeps the name it has").isEmpty();
    assertThat(wanted).doesNotExist();
    end(LOAD, List.of());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRunThatReadsAListDoesTheRestForItsJob() throws Exception {
    end(SAVE, List.of(LOST));
    FailedList.ListOwner rest = new FailedList.ListOwner("save --output rest.tar", Set.of(wanted));

    end(rest, List.of(LOST));
    assertThat(wanted).content().startsWith(OutcomeKinds.HEADER + " of: save --output a.tar\n");
    end(rest, List.of());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRunWithNothingLeftRemovesTheListsOfItsJobUnderAllNames() throws Exception {
    try (FailedList first = FailedList.take(wanted, Optional.of(LOAD));
        FailedList second = FailedList.take(wanted, Optional.of(LOAD))) {
      first.write(List.of(LOST), Setting::toString);
      second.write(List.of(LOST), Setting::toString);
    }
    try (FailedList third = FailedList.take(wanted, Optional.of(LOAD))) {
      end(SAVE, List.of(LOST));
      try (FailedList running = FailedList.take(wanted, Optional.of(LOAD))) {
        assertThat(running.file()).isEqualTo(folder.resolve("failed-2.txt"));
        third.write(List.of(), Setting::toString);
        assertThat(running.file()).as("another run writes it").exists();
      }
      third.write(List.of(), Setting::toString);
    }
    assertThat(wanted).doesNotExist();
    assertThat(folder.resolve("failed-2.txt")).doesNotExist();
    assertThat(folder.resolve("failed-3.txt")).content().contains("save --output a.tar");
  }

  @Test
  void aFileThatIsNamedAndOneWithoutAJobBelongToEachRun() throws Exception {
    end(SAVE, List.of(LOST));
    try (FailedList named = FailedList.take(wanted)) {
      named.write(List.of(LOST), Setting::toString);
    }
    assertThat(wanted).content().startsWith(OutcomeKinds.HEADER + "\n");
    end(LOAD, List.of());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void ofAHundredListsOfOtherJobsTheOldestIsReplaced() throws Exception {
    for (int number = 1; number <= 100; number++) {
      end(new FailedList.ListOwner("save --output " + number, Set.of()), List.of(LOST));
    }
    Path oldest = folder.resolve("failed-42.txt");
    Files.setLastModifiedTime(oldest, FileTime.fromMillis(0));

    end(LOAD, List.of(LOST));

    assertThat(oldest).content().contains("load b.tar");
  }

  private Optional<String> end(FailedList.ListOwner job, List<ImageResult> left) throws Exception {
    try (FailedList list = FailedList.take(wanted, Optional.of(job))) {
      list.write(left, Setting::toString);
      return list.whyElsewhere();
    }
  }
}
