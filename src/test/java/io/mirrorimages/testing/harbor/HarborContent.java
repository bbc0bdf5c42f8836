package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/}: who may do what, and quota; the content itself is the registry's behind it. */
final class HarborContent {
  private static final byte[] BAD_GATEWAY =
      ("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
              + "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
              + "</body>\r\n</html>\r\n")
          .getBytes(StandardCharsets.UTF_8);
  private static final Pattern PATH =
      Pattern.compile(
          "/v2/(.+?)/(blobs/uploads/.*|blobs/[^/]+|manifests/[^/]+|tags/list|referrers/[^/]+)");
  private static final Set<String> PASSED =
      Set.of("accept", "content-type", "range", "content-range", "if-none-match");
  private static final Set<String> OWN =
      Set.of("content-length", "connection", "date", "transfer-encoding", "location");

  private final HarborFront front;
  private final String behind;
  private final HarborGuard guard;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Long> patched = new ConcurrentHashMap<>();
  private final Map<String, Integer> clearing = new ConcurrentHashMap<>();
  private volatile int gathering;
  private volatile boolean redirecting;
  private volatile boolean hangingUp;
  private volatile int hiddenRefusals;
  private final AtomicInteger refusals = new AtomicInteger();
  private final HarborReplicas replicas = new HarborReplicas();
  private final HarborCaches caches = new HarborCaches();
  private final HarborReferrers referrers = new HarborReferrers();

  HarborContent(HarborFront front, String behind) {
    this.front = front;
    this.behind = behind;
    this.guard = new HarborGuard(front);
  }

  /** A request as far as it is understood. */
  private record Asked(
      HttpExchange exchange, String method, String repository, String rest, HarborProject project) {
    boolean isUpload() {
      return rest.startsWith("blobs/uploads/");
    }

    boolean isManifestPut() {
      return method.equals("PUT") && rest.startsWith("manifests/");
    }

    /** The last part of its path: a digest, a tag, or the id of a session. */
    String name() {
      return rest.substring(rest.lastIndexOf('/') + 1);
    }

    long length() {
      String header = exchange.getRequestHeaders().getFirst("Content-Length");
      return header == null ? 0 : Long.parseLong(header);
    }
  }

  void clearing(String digest, int times) {
    clearing.put(digest, times);
  }

  void gathering(int transfers) {
    gathering = transfers;
  }

  void hangingUp(boolean on) {
    hangingUp = on;
  }

  void hidingRefusals(int every) {
    hiddenRefusals = every;
  }

  void showingLate(int requests) {
    replicas.late(requests);
  }

  void redirecting(boolean on) {
    redirecting = on;
  }

  static HarborError readOnly() {
    return new HarborError(
        403, "DENIED", "The system is in read only mode. Any modification is prohibited.");
  }

  void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String method = exchange.getRequestMethod();
    if (path.equals("/v2/")) {
      guard.ping(exchange);
      return;
    }
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      front.counts().violation(method + " " + path);
      throw new HarborError(401, "UNAUTHORIZED", "un-recognized request: " + method + " " + path);
    }
    String repository = parts.group(1);
    if (repository.indexOf('/') < 0) {
      throw new HarborError(400, "BAD_REQUEST", "invalid repository name: " + repository);
    }
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (front.isReadOnly() && !reads) {
      throw readOnly();
    }
    String name = repository.substring(0, repository.indexOf('/'));
    HarborProject project = guard.authorise(exchange, repository, name, reads, method);
    Asked asked = new Asked(exchange, method, repository, parts.group(2), project);
    guard.checkMount(exchange);
    boolean begins = asked.isUpload() && method.equals("POST");
    if (project.isProxyCache() && (begins || asked.isManifestPut())) {
      throw new HarborError(403, "DENIED", "can not push artifact to a proxy project: " + name);
    }
    checkImmutable(asked);
    checkClearing(asked);
    checkPolicy(asked);
    if (reads && asked.rest().startsWith("blobs/") && replicas.hide(asked.name())) {
      throw new HarborError(404, "NOT_FOUND", "blob " + asked.name() + " not found");
    } else if (project.isProxyCache() && reads && caches.redirects(exchange, repository)) {
      return;
    } else if (project.isProxyCache() && reads && asked.rest().startsWith("blobs/sha")) {
      cached(asked);
    } else if (asked.rest().startsWith("referrers/")) {
      referrers.list(exchange, repository, asked.name());
    } else if (asked.rest().equals("tags/list")) {
      HarborTags.page(exchange, repository, send(exchange, new byte[0]).body());
    } else if (asked.isUpload()) {
      upload(asked);
    } else if (asked.isManifestPut()) {
      manifest(asked);
    } else if (redirecting && method.equals("GET") && asked.rest().startsWith("blobs/")) {
      String away = front.elsewhereUrl(exchange.getRequestURI().toString());
      FaultyRegistry.respond(exchange, 307, new byte[0], "Location: " + away);
    } else {
      if (method.equals("GET") && asked.rest().startsWith("manifests/")) {
        front.counts().pulled();
      }
      pass(exchange);
    }
  }

  private void checkImmutable(Asked asked) throws IOException {
    boolean tag = asked.isManifestPut() && asked.name().indexOf(':') < 0;
    if (tag && asked.project().isImmutable() && head(asked, asked.rest()).statusCode() == 200) {
      throw new HarborError(
          412,
          "PRECONDITION",
          "Failed to process request due to '%s:%s' configured as immutable."
              .formatted(asked.repository().replaceFirst("[^/]+/", ""), asked.name()));
    }
  }

  /** Harbor refuses the question whether it is there, too; but only of what is there. */
  private void checkPolicy(Asked asked) throws IOException {
    boolean pulls = !asked.method().equals("PUT") && asked.rest().startsWith("manifests/");
    boolean strict = asked.project().preventsPulls() || asked.project().wantsSignatures();
    if (!pulls || !strict || head(asked, asked.rest()).statusCode() != 200) {
      return;
    }
    if (asked.project().wantsSignatures()) {
      throw new HarborError(412, "PROJECTPOLICYVIOLATION", "The image is not signed by cosign.");
    }
    if (asked.project().preventsPulls()) {
      throw new HarborError(
          412,
          "PROJECTPOLICYVIOLATION",
          "current image without vulnerability scanning cannot be pulled due to configured policy");
    }
  }

  /** What a cache does not have yet it says it has not, but fetches when it is asked for it. */
  private void cached(Asked asked) throws IOException {
    HttpExchange exchange = asked.exchange();
    String blob = asked.repository() + "@" + asked.name();
    if (asked.method().equals("HEAD") && !caches.has(blob)) {
      throw new HarborError(404, "BLOB_UNKNOWN", "blob unknown to registry");
    }
    if (asked.method().equals("HEAD") || caches.has(blob)) {
      pass(exchange);
      return;
    }
    HttpResponse<byte[]> answer = send(exchange, new byte[0], false);
    caches.add(blob);
    // Its length is not known while it comes from elsewhere.
    exchange.sendResponseHeaders(answer.statusCode(), 0);
    exchange.getResponseBody().write(answer.body());
  }

  private void checkClearing(Asked asked) throws HarborError {
    String digest = HarborApi.query(asked.exchange()).getOrDefault("digest", asked.name());
    boolean hit =
        !asked.method().equals("GET")
            && clearing.containsKey(digest)
            && clearing.merge(digest, -1, Integer::sum) >= 0;
    if (hit) {
      throw new HarborError(404, "NOT_FOUND", "the asking blob is in GC, digest " + digest);
    }
  }

  private void upload(Asked asked) throws IOException {
    HttpExchange exchange = asked.exchange();
    Map<String, String> query = HarborApi.query(exchange);
    switch (asked.method()) {
      case "POST" -> begin(asked, query);
      case "PATCH" -> {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null && !"application/octet-stream".equals(type)) {
          throw new HarborError(500, "UNKNOWN", "unknown error");
        }
        HttpResponse<byte[]> answer = transfer(asked);
        if (answer.statusCode() == 202) {
          // By what the registry says it has, not by what was announced.
          String range = answer.headers().firstValue("Range").orElseThrow();
          patched.put(asked.name(), Long.parseLong(range.substring(2)) + 1);
        }
        give(exchange, answer);
      }
      case "PUT" -> {
        long before = patched.getOrDefault(asked.name(), 0L);
        if (before > 0 && asked.length() > 0) {
          front.counts().violation("PUT with the last chunk, which falsifies the quota");
        }
        String digest = query.get("digest");
        long size = asked.length() > 0 ? asked.length() : before;
        // Before the body is read, which may be large.
        if (hangingUp && !asked.project().hasRoom(digest, size)) {
          throw new IOException("hung up on a full project");
        }
        if (!asked.project().hasRoom(digest, size) && isHidden()) {
          // Core hangs up before it has read the body, which nginx is still sending.
          FaultyRegistry.respond(exchange, 502, BAD_GATEWAY, "Content-Type: text/html");
          return;
        }
        asked.project().checkRoom(digest, size);
        HttpResponse<byte[]> answer = transfer(asked);
        if (answer.statusCode() == 201) {
          asked.project().count(digest, size);
          front.counts().uploaded(digest);
          replicas.stored(digest);
        }
        front.counts().sessions(answer.statusCode() < 500 ? -1 : 0);
        give(exchange, answer);
      }
      case "DELETE" -> {
        front.counts().sessions(-1);
        pass(exchange);
      }
      default -> pass(exchange);
    }
  }

  private boolean isHidden() {
    return hiddenRefusals > 0 && refusals.getAndIncrement() % hiddenRefusals == 0;
  }

  private void begin(Asked asked, Map<String, String> query) throws IOException {
    if (!Set.of("mount", "from").containsAll(query.keySet())) {
      front.counts().violation("POST of an upload with " + query);
    }
    if (asked.project().quota() >= 0) {
      asked.project().checkRoom("", 0);
    }
    String digest = query.getOrDefault("mount", "");
    long size = 0;
    if (!digest.isEmpty()) {
      size = blobSize(query.get("from"), digest);
      asked.project().checkRoom(digest, size);
    }
    HttpResponse<byte[]> answer = send(asked.exchange(), new byte[0]);
    if (answer.statusCode() == 201) {
      asked.project().count(digest, size);
    } else if (answer.statusCode() == 202) {
      front.counts().sessions(1);
    }
    give(asked.exchange(), answer);
  }

  private void manifest(Asked asked) throws IOException {
    byte[] body = asked.exchange().getRequestBody().readAllBytes();
    String digest = FaultyRegistry.sha256(body);
    asked.project().checkRoom(digest, body.length);
    Optional<String> unseen = replicas.hideAny(body);
    if (unseen.isPresent()) {
      throw new HarborError(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown: " + unseen.get());
    }
    HttpResponse<byte[]> answer = send(asked.exchange(), body);
    if (answer.statusCode() == 201) {
      asked.project().count(digest, body.length);
      asked.project().addRepository(asked.repository().replaceFirst("[^/]+/", ""));
      referrers.note(asked.exchange(), asked.repository(), body, digest);
    } else if (new String(answer.body(), StandardCharsets.UTF_8).contains("_BLOB_UNKNOWN")) {
      front.counts().tagBeforeBlobs();
    }
    give(asked.exchange(), answer);
  }

  private HttpResponse<byte[]> transfer(Asked asked) throws IOException {
    boolean counts = asked.length() > 0;
    String blob = HarborApi.query(asked.exchange()).getOrDefault("digest", asked.name());
    if (counts) {
      front.counts().beginTransfer(blob, gathering);
    }
    try {
      return call(streamed(asked));
    } finally {
      if (counts) {
        front.counts().endTransfer(blob);
      }
    }
  }

  /**
   * A request whose body is passed on as it comes: one that breaks off breaks off at the registry
   * too, which keeps what it got and has no use for the session any more.
   */
  private HttpRequest streamed(Asked asked) {
    InputStream body =
        new FilterInputStream(asked.exchange().getRequestBody()) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            front.counts().received(Math.max(0, count));
            return count;
          }
        };
    BodyPublisher content =
        asked.length() == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> body), asked.length());
    return request(asked.exchange(), content, true);
  }

  /** Passes a request on as it is, and its answer back. */
  void pass(HttpExchange exchange) throws IOException {
    give(exchange, send(exchange, exchange.getRequestBody().readAllBytes()));
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body) throws IOException {
    return send(exchange, body, true);
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body, boolean withRange)
      throws IOException {
    return call(
        request(
            exchange,
            body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body),
            withRange));
  }

  private HttpRequest request(HttpExchange exchange, BodyPublisher body, boolean withRange) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + behind + exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), body);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))
                  && (withRange || !name.equalsIgnoreCase("Range"))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  /** The digest that a tag shows, or a digest that is there. */
  Optional<String> digest(String repository, String reference) throws IOException {
    HttpResponse<byte[]> answer = head(repository, "manifests/" + reference);
    return answer.statusCode() == 200
        ? answer.headers().firstValue("Docker-Content-Digest")
        : Optional.empty();
  }

  private HttpResponse<byte[]> head(Asked asked, String rest) throws IOException {
    return head(asked.repository(), rest);
  }

  private HttpResponse<byte[]> head(String repository, String rest) throws IOException {
    String accept = String.join(", ", io.mirrorimages.image.MediaTypes.ACCEPTED_MANIFESTS);
    return call(
        HttpRequest.newBuilder(URI.create("http://" + behind + "/v2/" + repository + "/" + rest))
            .header("Accept", accept)
            .HEAD()
            .build());
  }

  private long blobSize(String repository, String digest) throws IOException {
    return call(HttpRequest.newBuilder(
                URI.create("http://" + behind + "/v2/" + repository + "/blobs/" + digest))
            .HEAD()
            .build())
        .headers()
        .firstValueAsLong("Content-Length")
        .orElse(0);
  }

  private HttpResponse<byte[]> call(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void give(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
    if (front.isLost(exchange)) {
      throw new IOException("the answer is lost");
    }
    if (front.isFailing(exchange)) {
      throw new HarborError(500, "UNKNOWN", "internal server error");
    }
    if (answer.statusCode() == 404 && exchange.getRequestURI().getPath().contains("/manifests/")) {
      String image = exchange.getRequestURI().getPath().substring("/v2/".length());
      String before = image.contains("/manifests/sha256:") ? "@" : ":";
      throw new HarborError(
          404, "NOT_FOUND", "artifact " + image.replace("/manifests/", before) + " not found");
    }
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name)) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    answer
        .headers()
        .firstValue("Location")
        .map(location -> location.replaceFirst("https?://[^/]+", ""))
        .ifPresent(
            target ->
                exchange.getResponseHeaders().add("Location", front.location(exchange, target)));
    if (exchange.getRequestMethod().equals("HEAD")) {
      answer
          .headers()
          .firstValue("Content-Length")
          .ifPresent(length -> exchange.getResponseHeaders().add("Content-Length", length));
    }
    FaultyRegistry.respond(exchange, answer.statusCode(), answer.body());
  }
}
