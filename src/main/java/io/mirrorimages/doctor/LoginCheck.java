package io.mirrorimages.doctor;

import io.mirrorimages.failure.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Logs in once: Harbor locks a user for a while after a wrong password. */
final class LoginCheck implements Check {
  private final DoctorContext site;

  LoginCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.LOGIN;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.TOKENS);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    boolean asked = site.hello().status() == 401;
    Optional<String> asker = site.contact().asker();
    if (asker.isEmpty()) {
      return List.of(
          asked || site.harbor().isPresent()
              ? CheckResult.failure(
                  subject(),
                  "nothing can be pushed without a user and a password, and none is known here",
                  "docker login, or " + Setting.USERNAME + " with " + Setting.PASSWORD_STDIN)
              : CheckResult.ok(subject(), "not needed"));
    }
    site.registries().check(site.registry());
    return List.of(
        CheckResult.ok(
            subject(),
            asked
                ? asker.get() + " is accepted"
                : "the registry does not ask for one; " + asker.get() + " is known here"));
  }
}
