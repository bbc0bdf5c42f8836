/**
 * Tokens: what a challenge asks for, who is asked for one, and how long it is good (distribution
 * token specification).
 *
 * <pre>
 *   client.Authorize -- Authenticator     one for each host
 *                        |-- Challenge     what a 401 asks for
 *                        |-- Realm         whether credentials may be sent to that address
 *                        |-- TokenService  asks for a token: TokenClaims, or Refusals
 *                        |-- TokenCache    tokens by Access; one thread fetches, the others wait
 *                        `-- RefusedLogins credentials that are not sent again
 * </pre>
 *
 * Nothing here is closed: responses are read to their end where they are requested.
 */
@NullMarked
package io.mirrorimages.registry.auth;

import org.jspecify.annotations.NullMarked;
