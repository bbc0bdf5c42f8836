package io.mirrorimages.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxyTest {

  @Test
  void eachSchemeHasItsVariableInEitherCase() {
    EnvironmentProxy proxy =
        EnvironmentProxy.fromEnvironment(
            Map.of(
                "HTTPS_PROXY", "http://upper:1",
                "https_proxy", "http://lower:2",
                "HTTP_PROXY", "plain:3128"));
    assertThat(proxy.find("https", "h", 443)).contains(new Proxy("lower", 2, Optional.empty()));
    assertThat(proxy.find("http", "h", 80)).contains(new Proxy("plain", 3128, Optional.empty()));
    assertThat(EnvironmentProxy.none().find("https", "h", 443)).isEmpty();
  }

  @Test
  void theProxysPasswordIsDecoded() {
    EnvironmentProxy proxy =
        EnvironmentProxy.fromEnvironment(Map.of("HTTPS_PROXY", "http://u%40x:p%3A+1@p:8080/"));
    assertThat(proxy.find("https", "h", 443))
        .contains(new Proxy("p", 8080, Optional.of(Credential.password("u@x", "p:+1"))));
  }

  @ParameterizedTest
  @CsvSource({
    "http://user:p@ss@proxy:3128, proxy, 3128, user, p@ss",
    "user:p@s/s?w#o%rd@proxy:3128/, proxy, 3128, user, p@s/s?w#o%rd",
    "http://user:a:b%3Ac@proxy, proxy, 80, user, a:b:c",
    "http://DOMAIN%5Cuser:%E5%AF%86@proxy, proxy, 80, DOMAIN\\user, 密",
    "http://token@proxy, proxy, 80, token, ''",
    "HTTP://my_proxy.corp_net:3128, my_proxy.corp_net, 3128, ,",
    "my_proxy, my_proxy, 80, ,",
    "http://[fd12::1]:3128, fd12::1, 3128, ,"
  })
  void anAddressIsReadAsCurlReadsIt(
      String value, String host, int port, String user, String password) {
    assertThat(EnvironmentProxy.fromEnvironment(Map.of("http_proxy", value)).find("http", "h", 80))
        .contains(
            new Proxy(
                host, port, Optional.ofNullable(user).map(u -> Credential.password(u, password))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5h://u:s3cret@p:1",
        "https://u:s3cret@p",
        "http://:s3cret@",
        "http://s3cret b",
        "p:99999",
        "p:0",
        "://",
        "[s3cret]:1"
      })
  void oneThatIsNoProxyMattersOnlyWhereItIsNeeded(String value) {
    EnvironmentProxy proxy = EnvironmentProxy.fromEnvironment(Map.of("https_proxy", value));
    assertThat(proxy.find("http", "h", 80)).isEmpty();
    assertThat(proxy.find("https", "localhost", 443)).isEmpty();
    Proxy found = proxy.find("https", "h", 443).orElseThrow();
    assertThat(found.problem()).hasValueSatisfying(p -> assertThat(p).contains("https_proxy "));
    assertThat(found.problem() + " " + found).doesNotContain("s3cret");
  }

  @Test
  void oneForAllSchemesCountsWhereASchemeHasNone() {
    EnvironmentProxy proxy =
        EnvironmentProxy.fromEnvironment(
            Map.of("ALL_PROXY", "all:1", "http_proxy", "plain:2", "https_proxy", " "));
    assertThat(proxy.find("https", "h", 443)).hasToString("Optional[all:1]");
    assertThat(proxy.find("http", "h", 80)).hasToString("Optional[plain:2]");
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, 443, true",
    "example.com, a.example.com, 443, true",
    "example.com, anexample.com, 443, false",
    ".example.com, a.b.example.com, 443, true",
    "*.example.com, a.example.com, 443, true",
    "EXAMPLE.com, Example.COM, 443, true",
    "example.com:8443, example.com, 8443, true",
    "example.com:8443, example.com, 443, false",
    "10.1.2.3, 10.1.2.3, 443, true",
    "10.1.2.3, 110.1.2.3, 443, false",
    "10.0.0.0/8, 10.200.3.4, 443, true",
    "10.0.0.0/8, 11.0.0.1, 443, false",
    "192.168.4.0/22, 192.168.7.255, 443, true",
    "192.168.4.0/22, 192.168.8.0, 443, false",
    "fd00::/8, [fd12::1], 443, true",
    "fd00::/8, 10.0.0.1, 443, false",
    "[fd12::1]:5000, [fd12::1], 5000, true",
    "fd12::1, [fd12::1], 5000, true",
    ".example.com, example.com, 443, true",
    "*.example.com:8443, a.example.com, 8443, true",
    "'a.test b.test', b.test, 443, true",
    "10.0.0.0/99, 10.0.0.1, 443, false",
    "*, anything, 1, true",
    "nothing, localhost, 443, true",
    "nothing, registry.localhost, 443, true",
    "nothing, 127.8.9.1, 443, true",
    "nothing, [::1], 443, true",
    "nothing, 128.0.0.1, 443, false"
  })
  void exceptionsAreReachedDirectly(String list, String host, int port, boolean direct) {
    EnvironmentProxy proxy =
        EnvironmentProxy.fromEnvironment(Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", "x, " + list));
    assertThat(proxy.find("https", host, port).isEmpty()).isEqualTo(direct);
  }
}
