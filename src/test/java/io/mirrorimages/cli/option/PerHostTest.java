package io.mirrorimages.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.cli.process.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerHostTest {
  private static final Set<String> ONE = Set.of("harbor.lan:8443");
  private static final Set<String> TWO = new TreeSet<>(Set.of("docker.io", "harbor.lan"));

  @ParameterizedTest
  @CsvSource({
    "bob, '', bob",
    "robot$a=b, '', robot$a=b",
    "'cn=bob,dc=lan', '', 'cn=bob,dc=lan'",
    "harbor.lan:8443=bob, harbor.lan:8443, bob",
    "HARBOR.lan:8443=a=b, harbor.lan:8443, a=b"
  })
  void aUserOfTheOnlyRegistryNeedsNoHost(String given, String host, String user) {
    PerHost read = PerHost.values("--username", new String[] {given}, ONE);
    assertThat(read.of(host)).contains(user);
    assertThat(read.hosts()).isEqualTo(host.isEmpty() ? Set.of() : Set.of(host));
  }

  @Test
  void ofSeveralRegistriesOneIsNamed() {
    PerHost read =
        PerHost.values("--cert-file", new String[] {"docker.io=a.pem", "harbor.lan=b.pem"}, TWO);
    assertThat(read.of("docker.io")).contains("a.pem");
    assertThat(read.of("harbor.lan")).contains("b.pem");
    assertThat(read.of("")).isEmpty();
  }

  @Test
  void elseItIsRefusedWithTheirNames() {
    assertThatThrownBy(() -> PerHost.values("--username", new String[] {"bob"}, TWO))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("docker.io")
        .hasMessageContaining("harbor.lan")
        .hasMessageContaining("--username docker.io=NAME")
        .hasMessageContaining("docker login");
    assertThatThrownBy(
            () -> PerHost.switches("--plain-http", new String[] {PerHost.ANY}, TWO, true))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--plain-http docker.io");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io=bob", "localhost=bob", "harbor.lan:5000=bob"})
  void aHostThatIsNotAskedIsRefused(String given) {
    assertThatThrownBy(() -> PerHost.values("--username", new String[] {given}, TWO))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("not asked here")
        .hasMessageNotContaining("bob");
  }

  @Test
  void anyCertificateMayBeAMirrors() {
    PerHost read =
        PerHost.switches("--insecure-skip-verify", new String[] {"mirror.lan"}, TWO, false);
    assertThat(read.hosts()).containsExactly("mirror.lan");
    assertThatThrownBy(
            () -> PerHost.switches("--plain-http", new String[] {"mirror.lan"}, TWO, true))
        .isInstanceOf(UsageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://harbor.lan", "user:CANARY@harbor.lan", "a b"})
  void whatIsNoHostIsNotRepeated(String given) {
    assertThatThrownBy(() -> PerHost.switches("--plain-http", new String[] {given}, TWO, true))
        .isInstanceOf(UsageException.class)
        .hasMessageNotContaining("CANARY");
  }

  @Test
  void twoValuesForOneHostAreRefused() {
    assertThatThrownBy(() -> PerHost.values("--key-file", new String[] {"a.pem", "b.pem"}, ONE))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void aFileWhoseNameHasAnEqualsSignIsAFile(@TempDir Path folder) throws Exception {
    String file = Files.createFile(folder.resolve("my.key=1.pem")).toString();
    assertThat(PerHost.values("--key-file", new String[] {file}, ONE).of("")).contains(file);
  }
}
