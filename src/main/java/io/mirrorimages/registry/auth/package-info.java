/**
 * Tokens: what a challenge asks for, who is asked for one, and how long it is good (distribution
 * token specification).
 */
package io.mirrorimages.registry.auth;
