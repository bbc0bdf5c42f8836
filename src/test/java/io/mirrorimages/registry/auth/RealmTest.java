package io.mirrorimages.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.tls.Trust;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
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
    "127.1.0.2, https://127.9.0.2/t, false",
    "10.1.0.5, https://203.0.0.5/t, false",
    "10.1.5, https://203.1.5/t, false",
    "[2001:db8::1], https://[2001:db8::2]/t, false",
    "a.10.0.0.1.nip.io, https://b.10.0.0.1.nip.io/t, false",
    "one.azurecr.io, https://two.azurecr.io/t, false",
    "one.azurecr.io, https://one.azurecr.io/oauth2/token, true",
    "1.dkr.ecr.eu-west-1.amazonaws.com, https://2.dkr.ecr.eu-west-1.amazonaws.com/t, false",
    "us-docker.pkg.dev, https://eu-docker.pkg.dev/t, false",
    "registry.a.svc.cluster.local, https://auth.b.svc.cluster.local/t, false",
    "harbor.lan, https://auth.lan/t, false",
    "registry.suse.com, https://scc.suse.com/api/registry/authorize, true",
    "registry.cn-hangzhou.aliyuncs.com, https://dockerauth.cn-hangzhou.aliyuncs.com/auth, true",
    "harbor, https://169.254.169.254/latest, false"
  })
  void credentialsGoToTheRegistrysDomainOnly(String registry, String realm, boolean trusted)
      throws TransferException {
    assertThat(Realm.of(realm, Url.origin("https", registry), Trust.NONE).trusted())
        .isEqualTo(trusted);
  }

  @ParameterizedTest
  @CsvSource({
    "harbor.example.com, https://10.0.0.5/service/token, true",
    "10.0.0.5, https://harbor.example.com/service/token, true",
    "10.0.0.5:8443, https://harbor.example.com:9443/service/token, true",
    "10.0.0.5, https://other.example.com/service/token, false",
    "10.0.0.5, https://harbor.example.com:8443/service/token, true"
  })
  void orWhereAUserSaysSo(String registry, String realm, boolean trusted) throws TransferException {
    Trust said =
        new Trust(
            Map.of(), Set.of("harbor.example.com", "harbor.example.com:9443", "10.0.0.5"), false);
    assertThat(Realm.of(realm, Url.origin("https", registry), said).trusted()).isEqualTo(trusted);
  }

  @Test
  void aPortThatAUserNamesIsTheOnlyOne() throws TransferException {
    Trust said = new Trust(Map.of(), Set.of("auth.lan:5001"), false);
    Url registry = Url.origin("https", "harbor");
    assertThat(Realm.of("https://auth.lan:5001/t", registry, said).trusted()).isTrue();
    assertThat(Realm.of("https://auth.lan/t", registry, said).trusted()).isFalse();
  }

  @Test
  void onTheSameHostHttpsIsKept() throws TransferException {
    Url registry = Url.origin("https", "harbor.example.com:8443");
    assertThat(Realm.of("http://harbor.example.com/service/token", registry, Trust.NONE).url())
        .isEqualTo(registry.at("/service/token"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://nexus.lan:5002:5002/v2/token, https://nexus.lan:5002/v2/token",
    "https://nexus.lan:5002:5002, https://nexus.lan:5002/",
    "https://nexus.lan:5002/a:1:1, https://nexus.lan:5002/a:1:1"
  })
  void aPortThatIsThereTwiceCountsOnce(String realm, String meant) throws TransferException {
    Url registry = Url.origin("https", "nexus.lan:5002");
    assertThat(Realm.of(realm, registry, Trust.NONE)).isEqualTo(new Realm(Url.parse(meant), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://nexus.lan:5002:5003/v2/token", "https://nexus.lan:50:5002/"})
  void whatIsNoAddressOtherwiseIsRefused(String realm) {
    assertThatThrownBy(() -> Realm.of(realm, Url.origin("https", "nexus.lan:5002"), Trust.NONE))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("no address");
  }

  @Test
  void anyOtherDowngradeIsRefused() {
    assertThatThrownBy(
            () -> Realm.of("http://auth.docker.io/t", Url.origin("https", "docker.io"), Trust.NONE))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("plain http");
  }

  @Test
  void anHttpsThatARegistryByHttpNamesInVainIsToldAsThat() throws TransferException {
    Url registry = Url.origin("http", "harbor.lan:80");
    IOException noTls =
        new TransferException(FailureKind.NETWORK, "no https", new SSLException("plain"));
    assertThat(
            Realm.of("https://harbor.lan:80/service/token", registry, Trust.NONE)
                .explained(noTls, registry))
        .hasMessageContaining("is reached by http, but names its token service with https")
        .hasMessageContaining("external_url");
    assertThat(
            Realm.of("https://elsewhere.lan/token", registry, Trust.NONE)
                .explained(noTls, registry))
        .isSameAs(noTls);
  }
}
