package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Harbor's rules in front of a real {@code docker-registry}: projects, rights, tokens, quota,
 * immutable tags, read-only mode, its wording of errors. After the source and the bytes of a Harbor
 * 2.15.2 that ran behind its own nginx. It is strict: a request of a form that no client of Harbor
 * should send is a violation, and {@link #close} fails then. Plain http on loopback. Thread-safe.
 */
public final class HarborFront implements AutoCloseable {
  /** The administrator there is from the start. */
  public static final String ADMIN = "admin";

  /** The password of {@link #ADMIN}. */
  public static final String PASSWORD = "Harbor12345";

  private final HttpServer server;
  private final HttpServer elsewhere;
  private final HarborCounts counts = new HarborCounts();
  private final HarborTokens tokens = new HarborTokens(this);
  private final HarborAdminApi admin = new HarborAdminApi(this);
  private final HarborApi api = new HarborApi(this, admin);
  private final HarborContent content;
  private final Map<String, HarborUser> users = new ConcurrentHashMap<>();
  private final Map<String, HarborProject> projects = new ConcurrentSkipListMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Rule> lossy = new CopyOnWriteArrayList<>();
  private final List<Rule> failing = new CopyOnWriteArrayList<>();
  private volatile boolean readOnly;
  private volatile boolean adminsOnly;
  private volatile Locations locations = Locations.ABSOLUTE;
  private volatile Map<String, Long> volume =
      Map.of("total", 100_000_000_000L, "free", 40_000_000_000L);
  private final HarborOutage outage = new HarborOutage();

  /** What an upload's Location looks like. */
  public enum Locations {
    /** As the client addressed it. */
    ABSOLUTE,
    /** A path ({@code relativeurls}). */
    RELATIVE,
    /** Of the scheme that Harbor sees behind a proxy. */
    OTHER_SCHEME,
    /** Of the port that Harbor sees behind a proxy. */
    OTHER_PORT,
    /** On another host. */
    OTHER_HOST
  }

  private record Rule(
      String method, Pattern target, FaultyRegistry.Behaviour behaviour, AtomicInteger left) {}

  /** One before {@code registry}, which is not closed with it. Has an administrator, no project. */
  public HarborFront(DockerRegistry registry) throws IOException {
    content = new HarborContent(this, registry.name());
    server = serve(this::handle);
    elsewhere = serve(this::handleElsewhere);
    user(ADMIN, PASSWORD).admin();
  }

  private static HttpServer serve(FaultyRegistry.Behaviour behaviour) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", behaviour::answer);
    server.start();
    return server;
  }

  /** {@code localhost:port}, as in image names. */
  public String name() {
    return "localhost:" + server.getAddress().getPort();
  }

  /** A further user, or robot. */
  public HarborUser user(String name, String password) {
    HarborUser user = new HarborUser(name, password);
    users.put(name, user);
    return user;
  }

  /** The project, made if there is none; private. */
  public HarborProject project(String name) {
    create(name, false);
    return projects.get(name);
  }

  /** The project, if there is one. */
  public Optional<HarborProject> existing(String name) {
    return Optional.ofNullable(projects.get(name));
  }

  /** The names of all projects. */
  public List<String> projects() {
    return List.copyOf(projects.keySet());
  }

  /** What it saw. */
  public HarborCounts counts() {
    return counts;
  }

  /** Whether nothing may be changed. */
  public void readOnly(boolean on) {
    readOnly = on;
  }

  /** Whether only administrators create projects. */
  public void adminsOnly(boolean on) {
    adminsOnly = on;
  }

  /** How long tokens last from now on, by what they say. */
  public void tokensLasting(long seconds) {
    tokens.lasting(seconds);
  }

  /** After how many requests tokens have run out, whatever they say. */
  public void tokensLastingRequests(int most) {
    tokens.lastingUses(most);
  }

  /** Where uploads go on. */
  public void locations(Locations kind) {
    locations = kind;
  }

  /** The next so many requests about this blob are answered as if it were being cleared away. */
  public void clearing(String digest, int times) {
    content.clearing(digest, times);
  }

  /** Bodies of blobs wait for each other until so many are there at once, or none came for long. */
  public void gathering(int transfers) {
    content.gathering(transfers);
  }

  /** Whether a blob is a redirect to another host, as with storage in S3. */
  public void redirectingBlobs(boolean on) {
    content.redirecting(on);
  }

  /** The next {@code times} such requests get this answer, whoever asks. */
  public void on(String method, String targetRegex, int times, FaultyRegistry.Behaviour behaviour) {
    rules.add(new Rule(method, Pattern.compile(targetRegex), behaviour, new AtomicInteger(times)));
  }

  /**
   * The answers to the next {@code times} such requests for content are lost; what they do is done.
   */
  public void losingAnswers(String method, String targetRegex, int times) {
    lossy.add(new Rule(method, Pattern.compile(targetRegex), e -> {}, new AtomicInteger(times)));
  }

  /**
   * The answers to the next {@code times} such requests for content are 500, though what they do is
   * done: so it is when Redis or the database fails in the end.
   */
  public void failingAfter(String method, String targetRegex, int times) {
    failing.add(new Rule(method, Pattern.compile(targetRegex), e -> {}, new AtomicInteger(times)));
  }

  /**
   * Of the refusals of blobs that are too much the first of every so many is nginx's 502, as about
   * one in six of a real one; 0 for none.
   */
  public void hidingRefusals(int every) {
    content.hidingRefusals(every);
  }

  /** How large the disk is that Harbor itself sees, and how much of it is free. */
  public void volume(long total, long free) {
    volume = Map.of("total", total, "free", free);
  }

  /** The database goes away at the first such request, and comes back {@code requests} later. */
  public void databaseAway(String method, String targetRegex, int requests) {
    outage.begin(method + " .*" + targetRegex, requests);
  }

  /** A blob is not found in the next so many requests after it was stored, as by a replica. */
  public void showingBlobsLate(int requests) {
    content.showingLate(requests);
  }

  /** A full project hangs up without a word when a blob is sent that is too much. */
  public void hangingUpWhenFull(boolean on) {
    content.hangingUp(on);
  }

  /** Tokens say times of a clock that is so many seconds ahead of the client's. */
  public void clockAhead(long seconds) {
    tokens.clockAhead(seconds);
  }

  /** Tokens are refused the first so many times that they are shown, each. */
  public void tokensNotYetValid(int times) {
    tokens.notYetValid(times);
  }

  boolean isFailing(HttpExchange exchange) {
    return rule(failing, exchange.getRequestMethod(), exchange.getRequestURI().toString())
        .isPresent();
  }

  boolean isLost(HttpExchange exchange) {
    return rule(lossy, exchange.getRequestMethod(), exchange.getRequestURI().toString())
        .isPresent();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestURI().toString();
    String path = exchange.getRequestURI().getRawPath();
    counts.request(exchange.getRequestMethod() + " " + target);
    try (exchange) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Request-ID"))
          .ifPresent(id -> exchange.getResponseHeaders().add("X-Request-ID", id));
      try {
        boolean weak = outage.check(exchange);
        checkForm(exchange, target);
        Optional<Rule> rule = rule(rules, exchange.getRequestMethod(), target);
        if (rule.isPresent()) {
          rule.get().behaviour().answer(exchange);
        } else if (path.startsWith("/api/v2.0/")) {
          api.answer(exchange, path.substring("/api/v2.0".length()));
        } else if (path.equals("/service/token")) {
          tokens.answer(exchange, weak);
        } else if (path.equals("/v2")) {
          counts.violation(exchange.getRequestMethod() + " " + target);
          FaultyRegistry.respond(
              exchange,
              301,
              new byte[0],
              "Location: http://" + name() + "/v2/",
              "Content-Type: text/html");
        } else if (path.startsWith("/v2/")) {
          exchange.getResponseHeaders().add("Set-Cookie", "sid=5a17; Path=/; HttpOnly");
          content.answer(exchange);
        } else {
          counts.violation(exchange.getRequestMethod() + " " + target);
          portal(exchange);
        }
      } catch (HarborError e) {
        e.answer(exchange);
      } catch (RuntimeException e) {
        counts.violation(exchange.getRequestMethod() + " " + target + " led to " + e);
        throw e;
      }
    }
  }

  private static Optional<Rule> rule(List<Rule> rules, String method, String target) {
    return rules.stream()
        .filter(r -> r.method().equals(method) && r.target().matcher(target).find())
        .filter(r -> r.left().getAndUpdate(n -> Math.max(0, n - 1)) > 0)
        .findFirst();
  }

  private void checkForm(HttpExchange exchange, String target) throws HarborError {
    String line = exchange.getRequestMethod() + " " + target;
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      counts.violation(line + " with chunked encoding");
    }
    if (exchange.getRequestHeaders().containsKey("Cookie")) {
      counts.violation(line + " with a cookie");
      if (!List.of("GET", "HEAD", "OPTIONS").contains(exchange.getRequestMethod())) {
        throw new HarborError(
            403, "FORBIDDEN", "CSRF token not found in request", "X-Harbor-Csrf-Token: VG9rZW4=");
      }
    }
  }

  private void handleElsewhere(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Authorization")) {
        counts.secretElsewhere();
      }
      content.pass(exchange);
    }
  }

  /** What any path that is not Harbor's API gets. */
  void portal(HttpExchange exchange) throws IOException {
    FaultyRegistry.respond(
        exchange,
        200,
        "<html>Harbor</html>".getBytes(StandardCharsets.UTF_8),
        "Content-Type: text/html");
  }

  /** The user whose Basic credentials are right. */
  Optional<HarborUser> basicUser(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Basic ")) {
      return Optional.empty();
    }
    String plain =
        new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    int colon = plain.indexOf(':');
    return Optional.ofNullable(users.get(plain.substring(0, colon)))
        .filter(user -> user.logsIn(plain.substring(colon + 1)));
  }

  /** Makes a project; empty if there is one. */
  Optional<HarborProject> create(String name, boolean open) {
    HarborProject project = new HarborProject(ids.incrementAndGet(), name, open);
    return projects.putIfAbsent(name, project) == null ? Optional.of(project) : Optional.empty();
  }

  int nextId() {
    return ids.incrementAndGet();
  }

  void delete(HarborProject project) {
    projects.remove(project.name());
  }

  void removeUser(String name) {
    users.remove(name);
  }

  List<HarborProject> allProjects() {
    return List.copyOf(projects.values());
  }

  Optional<String> digest(String repository, String reference) throws IOException {
    return content.digest(repository, reference);
  }

  Map<String, Long> volume() {
    return volume;
  }

  HarborTokens tokens() {
    return tokens;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  boolean isAdminsOnly() {
    return adminsOnly;
  }

  /** Where an upload goes on: {@code target} is its path and query. */
  String location(HttpExchange exchange, String target) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return switch (locations) {
      case ABSOLUTE -> "http://" + host + target;
      case RELATIVE -> target;
      case OTHER_SCHEME -> "https://" + host + target;
      case OTHER_PORT -> "http://localhost:1" + target;
      case OTHER_HOST -> elsewhereUrl(target);
    };
  }

  /** The same at the other host. */
  String elsewhereUrl(String target) {
    return "http://127.0.0.1:" + elsewhere.getAddress().getPort() + target;
  }

  /** Stops it; fails if it was sent what no client should send. */
  @Override
  public void close() {
    server.stop(0);
    elsewhere.stop(0);
    if (!counts.violations().isEmpty()) {
      throw new AssertionError("Harbor was sent " + counts.violations());
    }
  }
}
