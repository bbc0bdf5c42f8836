package io.mirrorimages.harbor;

import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryApi.Reply;
import java.io.IOException;

/** What kind of user asks a Harbor. */
public enum RequesterKind {
  /** Who may do everything. */
  ADMINISTRATOR,
  /** Any other person. */
  PERSON,
  /** A robot of the whole Harbor, which may have the right to create projects. */
  ROBOT,
  /** A robot of one project, which can't have that right. */
  PROJECT_ROBOT,
  /** Harbor does not say. */
  UNKNOWN;

  /**
   * Who asks. Names of robots may begin with anything; that of a project's has the project's before
   * a plus.
   */
  static RequesterKind of(RegistryApi api, String base, Projects projects) throws IOException {
    String name = api.user().orElse("");
    Reply reply = api.get(base + "/users/current");
    if (reply.status() == 200) {
      boolean admin = projects.tree(reply, "the user").path("sysadmin_flag").asBoolean(false);
      return admin ? ADMINISTRATOR : PERSON;
    }
    boolean robot = reply.status() == 412 || name.startsWith("robot$");
    return robot ? name.indexOf('+') < 0 ? ROBOT : PROJECT_ROBOT : UNKNOWN;
  }

  /** Whether it is one. */
  public boolean isRobot() {
    return this == ROBOT || this == PROJECT_ROBOT;
  }
}
