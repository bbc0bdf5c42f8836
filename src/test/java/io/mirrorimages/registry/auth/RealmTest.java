package io.mirrorimages.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.registry.http.Url;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RealmTest {

  @ParameterizedTest
  @CsvSource({
    "registry-1.docker.io, https://auth.docker.io/token, true",
    "registry.gitlab.com, https://gitlab.com/jwt/auth, true",
    "harbor.lan, https://harbor.lan/service/token, true",
    "registry.example.co.uk, https://auth.example.co.uk/t, true",
    "registry.example.co.uk, https://evil.co.uk/t, false",
    "one.github.io, https://two.github.io/t, false",
    "harbor.example.com, https://evil.com/t, false",
    "10.0.0.1, https://10.0.0.2/t, false",
    "harbor, https://169.254.169.254/latest, false"
  })
  void credentialsGoToTheRegistrysDomainOnly(String registry, String realm, boolean trusted)
      throws MirrorException {
    assertThat(Realm.of(realm, Url.origin("https", registry)).trusted()).isEqualTo(trusted);
  }

  @Test
  void onTheSameHostHttpsIsKept() throws MirrorException {
    Url registry = Url.origin("https", "harbor.example.com:8443");
    assertThat(Realm.of("http://harbor.example.com/service/token", registry).url())
        .isEqualTo(registry.at("/service/token"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://nexus.lan:5002:5002/v2/token, https://nexus.lan:5002/v2/token",
    "https://nexus.lan:5002:5002, https://nexus.lan:5002/",
    "https://nexus.lan:5002/a:1:1, https://nexus.lan:5002/a:1:1"
  })
  void aPortThatIsThereTwiceCountsOnce(String realm, String meant) throws MirrorException {
    Url registry = Url.origin("https", "nexus.lan:5002");
    assertThat(Realm.of(realm, registry)).isEqualTo(new Realm(Url.parse(meant), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://nexus.lan:5002:5003/v2/token", "https://nexus.lan:50:5002/"})
  void whatIsNoAddressOtherwiseIsRefused(String realm) {
    assertThatThrownBy(() -> Realm.of(realm, Url.origin("https", "nexus.lan:5002")))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("no address");
  }

  @Test
  void anyOtherDowngradeIsRefused() {
    assertThatThrownBy(() -> Realm.of("http://auth.docker.io/t", Url.origin("https", "docker.io")))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("plain http");
  }
}
