// SPDX-License-Identifier: Apache-2.0
// Debian's Firefox ESR without a screen, by WebDriver BiDi.
import puppeteer from 'puppeteer-core';

const kExecutable = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

// A first start makes a profile; on a busy machine that takes its time.
const kLaunchMsMax = 120_000;

const kPreferences = {
  // A made-up camera and microphone, and no question about them.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // Both ends are on this machine: real host addresses, loopback too.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  // H.264 would be fetched as a plug-in.
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/** `trusting`: takes certificates that nobody has signed. */
export function launchFirefox({ trusting = false } = {}) {
  return puppeteer.launch({
    acceptInsecureCerts: trusting,
    browser: 'firefox',
    executablePath: kExecutable,
    headless: true,
    timeout: kLaunchMsMax,
    protocolTimeout: kLaunchMsMax,
    extraPrefsFirefox: kPreferences,
  });
}
