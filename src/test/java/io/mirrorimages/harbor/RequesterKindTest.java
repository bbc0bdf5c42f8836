package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequesterKindTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admin | 200 | {\"sysadmin_flag\":true} | ADMINISTRATOR | false",
        "robot$ann | 200 | {\"sysadmin_flag\":false} | PERSON | false",
        "ann | 200 | {} | PERSON | false",
        "robot$all | 401 | '' | ROBOT | true",
        "robot$a+push | 403 | '' | PROJECT_ROBOT | true",
        "bot-all | 412 | '' | ROBOT | true",
        "bot-a+push | 412 | '' | PROJECT_ROBOT | true",
        "ann+b | 401 | '' | UNKNOWN | false",
        "ann | 404 | '' | UNKNOWN | false",
      })
  void isKnownByNameAndAnswer(
      String name, int status, String body, RequesterKind expected, boolean robot)
      throws IOException {
    try (FaultyRegistry registry = new FaultyRegistry();
        Registries registries = new Registries(TestSettings.quick(name, "secret"))) {
      registry.on("GET", "^/api/v2[.]0/users/current$", FaultyRegistry.status(status, body));
      RegistryApi api = registries.api(registry.name());

      RequesterKind asker = RequesterKind.of(api, "/api/v2.0", new Projects(api, "/api/v2.0"));

      assertThat(asker).isEqualTo(expected);
      assertThat(asker.isRobot()).isEqualTo(robot);
    }
  }
}
