package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.upload.UploadTrial.Fate;
import io.mirrorimages.registry.upload.UploadTrial.Outcome;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadCheckTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.5S, PT8S,   true", // a line within a house, and a slow one behind it
    "PT60S,  PT40S,  true",
    "PT60S,  PT6S,   false", // a registry that stores what has come last
    "PT0.5S, PT4S,   false"
  })
  void aLongWaitAfterTheLastByteMeansThatSomethingCollects(
      Duration sending, Duration waiting, boolean collected) {
    assertThat(UploadCheck.isCollected(new Outcome(Fate.TAKEN, "", sending, waiting, true)))
        .isEqualTo(collected);
  }
}
