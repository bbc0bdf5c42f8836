package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
  private static final Url REGISTRY = Url.origin("https", "Registry.example.com:8443");

  @Test
  void pathAndQueryStayAsTheyAre() {
    Url url = Url.parse("https://h/a%2Fb/{c}|d?sig=x%3D+y&_state=~==#part");
    assertThat(url.target()).isEqualTo("/a%2Fb/{c}|d?sig=x%3D+y&_state=~==");
  }

  @Test
  void theQueryIsNotShown() {
    assertThat(Url.parse("https://h:444/a?sig=SECRET")).hasToString("https://h:444/a");
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/x?a=b, https://registry.example.com:8443/v2/x?a=b",
    "//other/x, https://other:443/x",
    "http://other:80/x, http://other:80/x",
    "HTTPS://Other, https://other:443/",
    "https://other?q, https://other:443/?q",
    "?q=1, https://registry.example.com:8443/v2/up/1?q=1",
    "2, https://registry.example.com:8443/v2/up/2",
    "../../a/./b/../c?d=../e, https://registry.example.com:8443/a/c?d=../e",
    "../../../../x/.., https://registry.example.com:8443/",
    "/v2/./x/, https://registry.example.com:8443/v2/x/",
    "https://h/a//../%2e%2e/b, https://h:443/a/%2e%2e/b",
    "/a b?c d, https://registry.example.com:8443/a%20b?c%20d",
    "/caf\u00c3\u0085, https://registry.example.com:8443/caf%C3%85",
    "http://[::1]:5000/x, http://[::1]:5000/x"
  })
  void locationsAreResolved(String location, String expected) {
    Url url = REGISTRY.at("/v2/up/1?_state=s").resolve(location);
    assertThat(url.scheme() + "://" + url.host() + ":" + url.port() + url.target())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:pw@host/",
        "https:///x",
        "https://h/a\u0001b",
        "https://h:x/",
        "https://h:0/",
        "https://h:65536/",
        "https://h:99999/",
        "https://a|b/",
        "https://ho\"st/",
        "https://a b/",
        "https://caf\u00c3\u00a9/",
        "https://%41/",
        "https://./",
        "https://h\\@evil/",
        "https://[1.2.3]/",
        "https://[:::::]/",
        "https://[::ffff:zz]/",
        "file:///etc/passwd",
        "ftp://h/x",
        "https://h/\r\nX: y"
      })
  void whatIsNoAddressOrCouldMisleadIsRefused(String location) {
    assertThatThrownBy(() -> REGISTRY.resolve(location))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDigestGoesBehindTheQuery() {
    assertThat(REGISTRY.at("/u?_state=a==").with("digest", "sha256:ab").target())
        .isEqualTo("/u?_state=a==&digest=sha256%3Aab");
    assertThat(REGISTRY.at("/u").with("digest", "sha256:ab").target())
        .isEqualTo("/u?digest=sha256%3Aab");
  }

  @Test
  void theOriginIsSchemeHostAndEffectivePort() {
    assertThat(Url.parse("https://h/a").sameOrigin(Url.parse("https://h:443/b"))).isTrue();
    assertThat(Url.parse("https://h/a").sameOrigin(Url.parse("http://h:443/a"))).isFalse();
    assertThat(Url.parse("https://h/a").sameOrigin(Url.parse("https://h:444/a"))).isFalse();
  }
}
