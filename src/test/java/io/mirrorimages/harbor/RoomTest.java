package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomTest {
  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 60})
  void aLimitThatIsNoneHoldsAnything(long limit) {
    Room room = new Room(limit, -1);

    assertThat(room).isEqualTo(Room.UNLIMITED);
    assertThat(room.isUnlimited()).isTrue();
    assertThat(room.has(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aLimitHoldsWhatIsLeftOfIt() {
    Room room = new Room(100, 40);

    assertThat(room.isUnlimited()).isFalse();
    assertThat(room.has(60)).isTrue();
    assertThat(room.has(61)).isFalse();
    assertThat(new Room(0, 0).has(1)).isFalse();
  }
}
