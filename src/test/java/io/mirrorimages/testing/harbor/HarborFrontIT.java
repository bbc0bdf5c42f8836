package io.mirrorimages.testing.harbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Json;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double says what Harbor says, in Harbor's words. */
class HarborFrontIT {
  private static final String MISSING = "/v2/none/x/manifests/v1";

  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] blob = "a blob".getBytes(StandardCharsets.UTF_8);
  private final String digest = FaultyRegistry.sha256(blob);
  private DockerRegistry registry;
  private HarborFront harbor;

  @BeforeEach
  void start() throws IOException {
    registry = DockerRegistry.open();
    harbor = new HarborFront(registry);
    harbor.project("lib");
    harbor.user("reader", "secret").allow("lib", "pull").creatingNone();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void challengesWithBearerOnlyWhereNobodyHasSaidWhoAsks() throws Exception {
    HttpResponse<String> anonymous = call("GET", MISSING, "");
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(challenge(anonymous))
        .isEqualTo(
            "Bearer realm=\"http://%s/service/token\",service=\"harbor-registry\",scope=\"%s\""
                .formatted(harbor.name(), "repository:none/x:pull"));
    assertThat(challenge(call("POST", "/v2/lib/x/blobs/uploads/", "")))
        .endsWith("scope=\"repository:lib/x:pull,push\"");

    HttpResponse<String> missing = call("POST", "/v2/none/x/blobs/uploads/", admin());
    assertThat(missing.statusCode()).isEqualTo(401);
    assertThat(missing.body()).contains("project none not found: project none not found");
    assertThat(challenge(missing)).isEmpty();

    HttpResponse<String> noRight =
        call("POST", "/v2/lib/x/blobs/uploads/", basic("reader", "secret"));
    assertThat(noRight.statusCode()).isEqualTo(401);
    assertThat(noRight.body()).contains("unauthorized to access repository: lib/x, action: push");
    assertThat(challenge(noRight)).isEqualTo("Basic realm=\"harbor\"");
    harbor.close();
  }

  @Test
  void givesAWrongPasswordAWeakTokenAndRefusesItWithoutAScope() throws Exception {
    String service = "/service/token?service=harbor-registry";
    String scope = "&scope=repository:lib/x:pull,push";

    assertThat(call("GET", service, basic("admin", "wrong")).statusCode()).isEqualTo(401);
    assertThat(call("GET", service, admin()).statusCode()).as("locked").isEqualTo(401);
    HttpResponse<String> weak = call("GET", service + scope, basic("admin", "wrong"));
    assertThat(weak.statusCode()).isEqualTo(200);
    assertThat(claims(weak)).contains("\"actions\":[]");

    HttpResponse<String> reads = call("GET", service + scope, basic("reader", "secret"));
    assertThat(claims(reads)).contains("\"actions\":[\"pull\"]");
    assertThat(call("GET", "/service/token?service=other", admin()).statusCode()).isEqualTo(400);
    assertThat(call("POST", service, admin()).statusCode()).isEqualTo(405);
    harbor.close();
  }

  @Test
  void knowsProjectsAndTheirNames() throws Exception {
    String projects = "/api/v2.0/projects";
    assertThat(call("GET", "/api/v2.0/ping", "").body()).isEqualTo("Pong");
    assertThat(call("HEAD", projects + "?project_name=lib", admin()).statusCode()).isEqualTo(200);
    assertThat(call("HEAD", projects + "?project_name=none", admin()).statusCode()).isEqualTo(404);
    assertThat(call("HEAD", projects + "?project_name=lib", "").statusCode()).isEqualTo(401);
    assertThat(call("GET", projects + "?page_size=101", admin()).statusCode()).isEqualTo(422);

    assertThat(create("new", admin()).statusCode()).isEqualTo(201);
    assertThat(create("new", admin()).statusCode()).isEqualTo(409);
    assertThat(create("a__b", admin()).statusCode()).isEqualTo(400);
    assertThat(create("host:5000", admin()).statusCode()).isEqualTo(400);
    assertThat(create("other", basic("reader", "secret")).statusCode()).isEqualTo(403);
    harbor.close();
  }

  @Test
  void countsAgainstTheQuotaBeforeItReadsAndEachDigestOnce() throws Exception {
    HarborProject project = harbor.project("lib").quota(blob.length);

    assertThat(upload("/v2/lib/one").statusCode()).isEqualTo(201);
    assertThat(upload("/v2/lib/two").statusCode()).as("the same digest").isEqualTo(201);
    assertThat(project.used()).isEqualTo(blob.length);
    project.quota(blob.length - 1);
    HttpResponse<String> begun = call("POST", "/v2/lib/x/blobs/uploads/", admin());
    assertThat(begun.statusCode()).isEqualTo(403);
    assertThat(begun.body()).contains("will exceed the configured upper limit");
    harbor.close();
  }

  @Test
  void refusesWhatReadOnlyModeProxyProjectsAndSingleNamesForbid() throws Exception {
    harbor.project("cache").proxyCache();

    assertThat(call("POST", "/v2/cache/x/blobs/uploads/", admin()).body())
        .contains("can not push artifact to a proxy project: cache");
    assertThat(call("POST", "/v2/foo/blobs/uploads/", admin()).statusCode()).isEqualTo(400);
    harbor.readOnly(true);
    assertThat(call("POST", "/v2/lib/x/blobs/uploads/", admin()).body()).contains("read only mode");
    harbor.close();
  }

  @Test
  void listsTagsByPagesAndReferrersByTheirType() throws Exception {
    assertThat(upload("/v2/lib/x").statusCode()).isEqualTo(201);
    String subject = "sha256:" + "0".repeat(64);
    String manifest =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "artifactType": "application/x", "layers": [],
         "config": {"mediaType": "application/x", "digest": "%s", "size": %d},
         "subject": {"mediaType": "application/x", "digest": "%s", "size": 1}}\
        """
            .formatted(digest, blob.length, subject);
    for (String tag : new String[] {"v1", "v2"}) {
      HttpRequest put =
          request("PUT", "/v2/lib/x/manifests/" + tag, admin())
              .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
              .PUT(BodyPublishers.ofString(manifest))
              .build();
      assertThat(client.send(put, BodyHandlers.ofString()).headers().firstValue("OCI-Subject"))
          .hasValue(subject);
    }

    HttpResponse<String> page = call("GET", "/v2/lib/x/tags/list?n=1", admin());
    assertThat(page.body()).contains("v1").doesNotContain("v2");
    assertThat(page.headers().firstValue("Link").orElseThrow()).contains("rel=\"next\"");
    String referrers = "/v2/lib/x/referrers/" + subject;
    assertThat(call("GET", referrers, admin()).body())
        .contains(FaultyRegistry.sha256(bytes(manifest)));
    HttpResponse<String> other = call("GET", referrers + "?artifactType=other", admin());
    assertThat(other.body()).contains("\"manifests\":[]");
    assertThat(other.headers().firstValue("OCI-Filters-Applied")).hasValue("artifactType");
    harbor.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void isStrict() throws Exception {
    assertThat(call("GET", "/v2", "").statusCode()).isEqualTo(301);
    HttpResponse<String> cookie =
        client.send(
            request("POST", "/v2/lib/x/blobs/uploads/", admin()).header("Cookie", "sid=1").build(),
            BodyHandlers.ofString());

    assertThat(cookie.statusCode()).isEqualTo(403);
    assertThat(cookie.body()).contains("CSRF token not found in request");
    assertThatThrownBy(harbor::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("GET /v2", "with a cookie");
  }

  private HttpResponse<String> upload(String repository) throws Exception {
    HttpResponse<String> begun = call("POST", repository + "/blobs/uploads/", admin());
    String location = begun.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith("http://" + harbor.name() + "/").contains("_state=");
    return client.send(
        HttpRequest.newBuilder(URI.create(location + "&digest=" + digest))
            .header("Authorization", admin())
            .PUT(BodyPublishers.ofByteArray(blob))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> create(String name, String authorization) throws Exception {
    String body = "{\"project_name\":\"%s\",\"metadata\":{\"public\":\"false\"}}".formatted(name);
    return client.send(
        request("POST", "/api/v2.0/projects", authorization)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> call(String method, String target, String authorization)
      throws Exception {
    return client.send(request(method, target, authorization).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String method, String target, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + harbor.name() + target))
            .method(method, BodyPublishers.noBody());
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("Www-Authenticate").orElseThrow();
  }

  private static String claims(HttpResponse<String> answer) {
    String token =
        Json.parse(answer.body().getBytes(StandardCharsets.UTF_8), "the token")
            .path("token")
            .asString();
    return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
  }

  private static String admin() {
    return basic(HarborFront.ADMIN, HarborFront.PASSWORD);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
