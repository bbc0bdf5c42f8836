/**
 * Tokens: what a challenge asks for, who is asked for one, and how long it is good (distribution
 * token specification).
 */
@NullMarked
package io.mirrorimages.registry.auth;

import org.jspecify.annotations.NullMarked;
