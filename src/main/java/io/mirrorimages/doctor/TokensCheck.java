package io.mirrorimages.doctor;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.registry.client.ConnectionDiagnostics.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at the token service that the registry names: Harbor's is made of its external_url. */
final class TokensCheck implements Check {
  private final DoctorContext site;

  TokensCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.TOKENS;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.REGISTRY);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    site.hello();
    Optional<Tokens> asked = site.contact().tokens();
    if (asked.isEmpty()) {
      return List.of();
    }
    Tokens tokens = asked.get();
    List<CheckResult> found = new ArrayList<>();
    if (tokens.hello().status() >= 500 || tokens.hello().status() == 404) {
      found.add(
          CheckResult.failure(
              subject(),
              "the token service at " + tokens.host() + " answers " + tokens.hello().status(),
              "look into its log; the registry names its address in WWW-Authenticate, Harbor by"
                  + " external_url in harbor.yml"));
    }
    if (!tokens.trusted()) {
      found.add(
          CheckResult.warning(
              subject(),
              "the token service is at "
                  + tokens.host()
                  + ", of another domain: it is not sent"
                  + " the password",
              "let the registry name one of its own domain, or trust it: "
                  + Setting.TRUST_TOKEN_SERVICE
                  + " "
                  + tokens.host()));
    }
    if (tokens.plainHttp()) {
      found.add(
          CheckResult.warning(
              subject(),
              "the registry names its token service with http, though it is reached by https;"
                  + " other clients will ask it by http, or not at all",
              "set external_url in harbor.yml to https"));
    }
    clocks(tokens).ifPresent(found::add);
    if (found.isEmpty()) {
      found.add(CheckResult.ok(subject(), "the token service at " + tokens.host() + " answers"));
    }
    return found;
  }

  /** A token is dated by the one clock and checked by the other. */
  private Optional<CheckResult> clocks(Tokens tokens) throws IOException {
    Optional<Duration> there = tokens.hello().ahead();
    Optional<Duration> registry = site.hello().ahead();
    if (there.isEmpty() || registry.isEmpty()) {
      return Optional.empty();
    }
    Duration off = there.get().minus(registry.get());
    return off.abs().compareTo(ClockCheck.BORNE) <= 0
        ? Optional.empty()
        : Optional.of(
            CheckResult.failure(
                subject(),
                "the clock of the token service at "
                    + tokens.host()
                    + " is "
                    + ClockCheck.words(off)
                    + " the registry's, which refuses tokens of more than 60 s difference",
                "set the wrong one (NTP)"));
  }
}
