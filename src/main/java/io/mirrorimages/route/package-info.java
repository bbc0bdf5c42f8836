/**
 * How a registry is reached, before any protocol is spoken: which credentials belong to a
 * repository, which certificates are trusted and shown, and which proxy stands in between. Reads
 * files and the environment; makes no connection.
 */
package io.mirrorimages.route;
