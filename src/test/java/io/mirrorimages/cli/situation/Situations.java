package io.mirrorimages.cli.situation;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of situations begin with: an empty folder each. */
abstract class Situations {
  @TempDir Path temporary;
  SituationFolder folder;

  @BeforeEach
  void start() {
    folder = new SituationFolder(temporary);
  }
}
