package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.command.Commands;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HelpLayoutTest {
  @Test
  void eachNameOfAGroupIsAnOptionAndInNoOtherGroup() {
    Set<String> options =
        Commands.names().stream()
            .map(name -> Commands.make(name, System.out, System.err).getCommandSpec())
            .flatMap(command -> command.optionsMap().keySet().stream())
            .collect(Collectors.toSet());

    assertThat(HelpLayout.grouped()).isSubsetOf(options).doesNotHaveDuplicates();
  }
}
