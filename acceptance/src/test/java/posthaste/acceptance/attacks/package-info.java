/**
 * The attack list: 91 inputs that a mail server must survive, each sent to the whole through real
 * sockets, and judged by the reply <em>and</em> by what arrived at the next hop. Each test names
 * its numbers by {@link posthaste.acceptance.attacks.Attack}; {@link
 * posthaste.acceptance.attacks.AttackListTest} holds that none is missing. Nothing of Posthaste's
 * own code is called.
 */
package posthaste.acceptance.attacks;
