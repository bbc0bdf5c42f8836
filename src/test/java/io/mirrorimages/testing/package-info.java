/**
 * What tests of several packages need: images, registries in memory and on the wire (real ones, and
 * one that misbehaves on order), and the external tools that judge the result. Everything here
 * cleans up after itself.
 */
package io.mirrorimages.testing;
